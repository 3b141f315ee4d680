/** The purpose of a part of a set. */
export type PartRole = 'train' | 'validation' | 'test';

/** Words of each role; `data` beside them is ignored. */
const WORDS: readonly (readonly [PartRole, readonly string[]])[] = [
  ['train', ['train', 'training', 'trn', 'trainset', 'traindata', '训练', '训练集', '訓練', '訓練集']],
  [
    'validation',
    ['val', 'valid', 'validation', 'validate', 'dev', 'eval', 'valset', '验证', '验证集', '驗證', '驗證集'],
  ],
  ['test', ['test', 'testing', 'tst', 'holdout', 'testset', 'testdata', '测试', '测试集', '測試', '測試集']],
];
const FILLERS = ['set', 'data', 'dataset', 'images', 'imgs', 'split', 'part', 'folder'];

/**
 * The role in a folder's name, and whether the name contains nothing else (`training_set`, but not `seg_train`); null
 * for none.
 */
export function roleOfName(name: string): { readonly role: PartRole; readonly isPlain: boolean } | null {
  const words = wordsOf(name);
  for (const [role, known] of WORDS) {
    if (!words.some((word) => known.includes(word))) continue;
    return { role, isPlain: words.every((word) => known.includes(word) || FILLERS.includes(word)) };
  }
  return null;
}

/** The words of a name: `segTrain_2017` becomes `seg`, `train`. */
function wordsOf(name: string): string[] {
  return name
    .normalize('NFC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}
