import { join } from 'node:path';
import type { SubfolderReading } from '#core/document/dataSettings.ts';
import { message, sentences, type Message } from '#core/words/message.ts';
import { judgeParts, type FoundParts } from './judgeParts.ts';
import { outlineFolder } from './outline.ts';

/** The folders of a set: the chosen one itself is `train` where it has no parts. */
export interface DataParts {
  readonly train: string;
  readonly validation: string | null;
  readonly test: string | null;
  /** How the parts were recognized; null where the folder has none. */
  readonly found: FoundParts | null;
}

/**
 * Checks whether a folder holds a set in parts (`judgeParts`). Unclear parts, and a folder that cannot be listed, are
 * left to `scanFolder`, which reports the problem. Parts without subfolders beside a table of labels are left to it as
 * well: the table holds the classes.
 */
export function resolveParts(folder: string, subfolders: SubfolderReading = 'auto'): DataParts {
  const whole = { train: folder, validation: null, test: null, found: null };
  if (subfolders === 'classes') return whole;
  const { folders, hasTable } = outlineFolder(folder);
  const verdict = judgeParts(folders);
  if (verdict.kind !== 'parts') return whole;
  const isFlat = folders.every(({ inner }) => inner.length === 0);
  if (isFlat && hasTable) return whole;
  const at = (name: string | null): string | null => (name === null ? null : join(folder, name));
  return {
    train: join(folder, verdict.train),
    validation: at(verdict.validation),
    test: at(verdict.test),
    found: verdict,
  };
}

/** One or two sentences: which part is for training, why, and what is left out. */
export function partsNote(found: FoundParts): Message {
  const namesOf = (why: 'unlabelled' | 'other'): string[] =>
    found.leftOut.filter(({ reason }) => reason === why).map(({ name }) => name);
  const [unlabelled, rest] = [namesOf('unlabelled'), namesOf('other')];
  const leftOut = [
    leftOutNote(unlabelled, 'folders.unlabelledPart', 'folders.unlabelledParts'),
    leftOutNote(rest, 'folders.otherPartLeftOut', 'folders.otherPartsLeftOut'),
  ].filter((note) => note !== null);
  return leftOut.reduce((former, note) => sentences(former, note), usedParts(found));
}

function usedParts({ train, shared, validation, test }: FoundParts): Message {
  if (validation === null && test === null) return message('folders.trainPartOnly', { train });
  const others = [
    ...(validation === null ? [] : [message('folders.validationPart', { name: validation })]),
    ...(test === null ? [] : [message('folders.testPart', { name: test })]),
  ];
  return shared.length === 0
    ? message('folders.partsByName', { train, others })
    : message('folders.partsByContent', { train, shared: quoted(shared), others });
}

type LeftOutKey =
  `folders.${'unlabelledPart' | 'unlabelledParts' | 'otherPartLeftOut' | 'otherPartsLeftOut'}`;

function leftOutNote(names: readonly string[], one: LeftOutKey, several: LeftOutKey): Message | null {
  return names.length === 0 ? null : message(names.length === 1 ? one : several, { names: quoted(names) });
}

function quoted(names: readonly string[]): string[] {
  const shown = names.slice(0, 5).map((name) => `“${name}”`);
  return names.length > 5 ? [...shown, '…'] : shown;
}
