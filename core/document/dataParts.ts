/** Names of the subfolders of a set that comes in parts, in the order in which they are preferred; compared in lower case. */
const PART_NAMES = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
} as const;

export type PartRole = keyof typeof PART_NAMES;

/**
 * The parts of a set whose folder holds `train` beside `val`, `valid`, `validation` or `test`, and nothing else; null when these
 * subfolders look like classes. `folders` are the names of the subfolders, without hidden ones.
 */
export function partsOf(
  folders: readonly string[],
): (Readonly<Record<PartRole, string | null>> & { train: string }) | null {
  const named = (role: PartRole): string | null =>
    PART_NAMES[role].flatMap((name) => folders.filter((folder) => folder.toLowerCase() === name))[0] ?? null;
  const [train, validation, test] = [named('train'), named('validation'), named('test')];
  const known: readonly string[] = Object.values(PART_NAMES).flat();
  if (train === null || (validation === null && test === null)) return null;
  if (!folders.every((folder) => known.includes(folder.toLowerCase()))) return null;
  return { train, validation, test };
}
