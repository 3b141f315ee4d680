import type { LabResult } from '#core/contract/labApi.ts';

type Entry = LabResult<'files.list'>['entries'][number];

const TRAIN_NAMES = ['train', 'training'];
const VALIDATION_NAMES = ['val', 'valid', 'validation', 'test', 'testing'];

export interface SplitFolders {
  readonly train: Entry;
  readonly validation: Entry;
}

/**
 * The two halves of a folder that holds a set in parts, `train` and `val` (or `test`), and not classes; null for any other folder.
 * Where there are several, validation goes before test.
 */
export function splitFolders(entries: readonly Entry[]): SplitFolders | null {
  const folders = entries.filter((entry) => entry.kind === 'folder' && !entry.name.startsWith('.'));
  const named = (names: readonly string[]): Entry | undefined =>
    names.flatMap((name) => folders.filter((folder) => folder.name.toLowerCase() === name))[0];
  const train = named(TRAIN_NAMES);
  const validation = named(VALIDATION_NAMES);
  const isPart = (folder: Entry): boolean =>
    [...TRAIN_NAMES, ...VALIDATION_NAMES].includes(folder.name.toLowerCase());
  return train && validation && folders.every(isPart) ? { train, validation } : null;
}
