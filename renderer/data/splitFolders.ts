import type { LabResult } from '#core/contract/labApi.ts';
import { partsOf } from '#core/document/dataParts.ts';

type Entry = LabResult<'files.list'>['entries'][number];

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
  const parts = partsOf(folders.map(({ name }) => name));
  const named = (name: string | null | undefined): Entry | undefined =>
    folders.find((folder) => folder.name === name);
  const train = named(parts?.train);
  const validation = named(parts?.validation ?? parts?.test);
  return train && validation ? { train, validation } : null;
}
