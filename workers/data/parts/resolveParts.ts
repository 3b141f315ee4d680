import { join } from 'node:path';
import type { SubfolderReading } from '#core/document/dataSettings.ts';
import { judgeParts, type FoundParts } from './judgeParts.ts';
import { outlineFolder } from './outline.ts';

/** The folders of a set: the chosen one itself is `train` where it has no parts. */
export interface DataParts {
  readonly train: string;
  readonly validation: string | null;
  readonly test: string | null;
  /** How the parts were told; null where the folder has none. */
  readonly found: FoundParts | null;
}

/**
 * Looks whether a folder holds a set in parts (`judgeParts`). Parts that are unclear, and a folder that cannot be listed, are left to
 * `scanFolder`, which says what is wrong. Parts without folders in them beside a table of labels are left to it as well: the table
 * gives the classes.
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

/** One sentence or two: which part trains, why, and what is left out. */
export function partsNote({ train, shared, leftOut, ...others }: FoundParts): string {
  const why = shared.length === 0 ? 'by their names' : `each holds ${quoted(shared)}`;
  const second = others.validation ?? others.test;
  const first =
    second === null
      ? `The folder holds a set in parts; “${train}” has the training images.`
      : `The folder holds a set in parts (${why}); “${train}” has the training images, ${otherParts(others)}.`;
  const unlabelled = leftOut.filter(({ reason }) => reason === 'unlabelled').map(({ name }) => name);
  const rest = leftOut.filter(({ reason }) => reason === 'other').map(({ name }) => name);
  return [
    first,
    ...(unlabelled.length === 0
      ? []
      : [
          `${quoted(unlabelled)} ${unlabelled.length === 1 ? 'has' : 'have'} no class folders, so ${unlabelled.length === 1 ? 'its' : 'their'} images have no labels and are left out.`,
        ]),
    ...(rest.length === 0 ? [] : [`${quoted(rest)} ${rest.length === 1 ? 'is' : 'are'} left out.`]),
  ].join(' ');
}

function otherParts({ validation, test }: Pick<FoundParts, 'validation' | 'test'>): string {
  return [
    ...(validation === null ? [] : [`“${validation}” those for validation`]),
    ...(test === null ? [] : [`“${test}” those for testing`]),
  ].join(', ');
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `“${name}”`);
  return shown.join(', ') + (names.length > 5 ? ', …' : '');
}
