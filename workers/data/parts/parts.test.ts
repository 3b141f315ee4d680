import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { told } from '#core/words/testing.ts';
import { scanFolder } from '../scan/scanFolder.ts';
import { picture as image, temporaryFolder, writeFiles } from '../testing/imageFolder.ts';
import { judgeParts, type FolderOutline } from './judgeParts.ts';
import { partsNote, resolveParts } from './resolveParts.ts';

const folder = (name: string, inner: string, size = 10): FolderOutline => ({
  name,
  inner: inner === '' ? [] : inner.split(' '),
  size: () => size,
});

describe('folders that share their folders', () => {
  it.each([
    ['kaggle', ['training_set', 'test_set'], { train: 'training_set', validation: null, test: 'test_set' }],
    ['intel', ['seg_test', 'seg_train'], { train: 'seg_train', validation: null, test: 'seg_test' }],
    ['validate', ['train', 'validate'], { train: 'train', validation: 'validate', test: null }],
    ['years', ['Train2017', 'Val2017'], { train: 'Train2017', validation: 'Val2017', test: null }],
    ['camel case', ['CatsTrain', 'CatsTest'], { train: 'CatsTrain', validation: null, test: 'CatsTest' }],
    ['Chinese', ['训练集', '测试集'], { train: '训练集', validation: null, test: '测试集' }],
    [
      'a nameless one that validates',
      ['train', 'extra'],
      { train: 'train', validation: 'extra', test: null },
    ],
    [
      'a nameless one that trains',
      ['images', 'images_test'],
      { train: 'images', validation: null, test: 'images_test' },
    ],
    ['two for validation', ['train', 'valid', 'my_val'], { train: 'train', validation: 'valid', test: null }],
    ['one plain name', ['train', 'train_small', 'test'], { train: 'train', validation: null, test: 'test' }],
  ])('are parts: %s', (_, names, roles) => {
    expect(judgeParts(names.map((name) => folder(name, 'cats dogs')))).toMatchObject({
      kind: 'parts',
      ...roles,
    });
  });

  it('are parts with other folders beside them, and where one lacks a class', () => {
    const verdict = judgeParts([
      folder('runs', ''),
      folder('test', 'cats dogs'),
      folder('train', 'birds cats dogs fish'),
      folder('chest_xray', 'train test'),
    ]);
    expect(verdict).toMatchObject({ kind: 'parts', train: 'train', test: 'test', shared: ['cats', 'dogs'] });
    expect(verdict.kind === 'parts' && verdict.leftOut.map(({ name }) => name)).toEqual([
      'runs',
      'chest_xray',
    ]);
  });

  it.each([
    ['folds', ['fold1', 'fold2', 'fold3']],
    ['two for training', ['train_a', 'train_b', 'test']],
    ['none for training', ['val', 'test']],
  ])('are unclear where names do not tell the training part: %s', (_, names) => {
    const sized = names.map((name, at) => folder(name, 'cats dogs', at));
    expect(judgeParts(sized)).toEqual({
      kind: 'unclear',
      names: names.toReversed(),
      shared: ['cats', 'dogs'],
    });
  });

  it.each([
    ['no folders in them', [folder('cat', ''), folder('dog', '')]],
    ['one shared folder', [folder('cat', 'images'), folder('dog', 'images')]],
    ['two of many', [folder('cat', 'a b c d e f'), folder('dog', 'a b x y z w')]],
    ['a class called train', [folder('train', ''), folder('bus', ''), folder('test', '')]],
    ['parts without training', [folder('val', ''), folder('test', '')]],
  ])('are classes: %s', (_, folders) => {
    expect(judgeParts(folders)).toEqual({ kind: 'classes' });
  });

  it('depend on names and sizes, not on the order', () => {
    const folders = ['b', 'a', 'c'].map((name) => folder(name, 'x y', 5));
    expect(judgeParts(folders)).toEqual(judgeParts(folders.toReversed()));
  });
});

async function fill(
  root: string,
  parts: readonly string[],
  classes: readonly string[] = ['cats', 'dogs'],
): Promise<void> {
  for (const [at, part] of parts.entries())
    for (const [number, name] of classes.entries())
      writeFiles(root, {
        [`${part}/${name}/0.png`]: await image(at * 100 + number * 10),
        [`${part}/${name}/1.png`]: await image(at * 100 + number * 10 + 1),
      });
}

describe('a folder in parts', () => {
  it('is taken apart, and told in one note', async () => {
    const root = temporaryFolder();
    await fill(root, ['seg_train', 'seg_test']);
    writeFiles(root, { 'seg_pred/1.png': await image(7), 'runs/results.png': await image(8) });
    const parts = resolveParts(root);
    expect(parts).toMatchObject({
      train: join(root, 'seg_train'),
      validation: null,
      test: join(root, 'seg_test'),
    });
    expect(parts.found && told(partsNote(parts.found))).toBe(
      'The folder holds a set in parts (each holds “cats”, “dogs”); “seg_train” has the training images, “seg_test” those for testing. “runs”, “seg_pred” are left out.',
    );
  });

  it.each([
    ['flat', (n: number) => `test/${n}.png`],
    ['in one folder of another name', (n: number) => `test/unknown/${n}.png`],
  ])('leaves out a test part without labels, %s', async (_, name) => {
    const root = temporaryFolder();
    await fill(root, ['train'], ['0', '1']);
    writeFiles(root, { [name(1)]: await image(7), [name(2)]: await image(8) });
    const parts = resolveParts(root);
    expect(parts).toMatchObject({ train: join(root, 'train'), validation: null, test: null });
    expect(parts.found && told(partsNote(parts.found))).toContain(
      '“test” has no class folders, so its images have no labels and are left out.',
    );
  });

  it('is never scanned as classes', async () => {
    const root = temporaryFolder();
    await fill(root, ['training_set', 'test_set']);
    await expect(scanFolder(root)).rejects.toMatchObject({
      code: 'folder-in-parts',
      message: expect.stringContaining(
        `choose “${join(root, 'training_set')}” for training and “${join(root, 'test_set')}” for validation`,
      ) as string,
    });
    const asked = await scanFolder(root, { subfolders: 'classes' });
    expect(asked.classes.map(({ name }) => name)).toEqual(['test_set', 'training_set']);
    expect(resolveParts(root, 'classes').train).toBe(root);
  });

  it('is refused with the folder to choose where the parts are unclear', async () => {
    const root = temporaryFolder();
    await fill(root, ['fold1', 'fold2']);
    writeFiles(root, { 'fold2/cats/more.png': await image(9) });
    expect(resolveParts(root).found).toBeNull();
    await expect(scanFolder(root)).rejects.toThrow(`such as “${join(root, 'fold2')}”`);
  });

  it('gives way to a table that names its flat images', async () => {
    const root = temporaryFolder();
    for (const n of [1, 2, 3, 4])
      writeFiles(root, { [`train/${n}.png`]: await image(n), [`test/${n}.png`]: await image(n + 10) });
    writeFiles(root, {
      'sample_submission.csv': Buffer.from('id,label\n1,cat\n2,cat\n3,cat\n4,cat\n'),
      'train.csv': Buffer.from('id,label\n1,cat\n2,dog\n3,cat\n4,dog\n'),
    });
    expect(resolveParts(root).train).toBe(root);
    const scan = await scanFolder(root);
    expect(scan.classes).toEqual([
      { name: 'cat', count: 2 },
      { name: 'dog', count: 2 },
    ]);
    expect([...scan.images].every(({ file }) => file.startsWith('train/'))).toBe(true);
    expect(told(scan.warnings).join(' ')).toContain('“sample_submission.csv” is a form for answers');
  });

  it('may hold links in a ring and links to nothing', async () => {
    const root = temporaryFolder();
    await fill(root, ['train', 'test']);
    symlinkSync('b.png', join(root, 'train/cats/a.png'));
    symlinkSync('a.png', join(root, 'train/cats/b.png'));
    symlinkSync('ring', join(root, 'ring'));
    symlinkSync('gone', join(root, 'nothing'));
    expect(resolveParts(root).train).toBe(join(root, 'train'));
  });

  it('may not be there or not be readable', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'empty'));
    expect(resolveParts(join(root, 'empty')).train).toBe(join(root, 'empty'));
    expect(resolveParts(join(root, 'none')).train).toBe(join(root, 'none'));
  });
});
