import type { DataSettings } from '#core/document/dataSettings.ts';

/** Where validation images come from. */
export const VALIDATION_SOURCES = ['part', 'folds', 'own'] as const;
export type ValidationSource = (typeof VALIDATION_SOURCES)[number];

/** Folds of a cross-validation that was just switched on. */
const FOLDS = 5;
const MOST_OFFERED = 20;

type Sourced = Pick<DataSettings, 'validationFolder' | 'crossValidation'>;

/** What the settings say; a folder of its own goes before folds, as in training. */
export function sourceOf({ validationFolder, crossValidation }: Sourced): ValidationSource {
  if (validationFolder !== null) return 'own';
  return crossValidation === null ? 'part' : 'folds';
}

/**
 * What makes `next` the source, in one undo step; null when nothing changes. A folder of its own comes by choosing it.
 */
export function changeTo(next: ValidationSource, settings: Sourced): Partial<DataSettings> | null {
  if (next === 'own' || next === sourceOf(settings)) return null;
  return { validationFolder: null, crossValidation: next === 'folds' ? { folds: FOLDS, fold: 1 } : null };
}

/** The numbers of folds to choose from, with the one that the project has. */
export function foldCounts(current: number): number[] {
  const offered = Array.from({ length: MOST_OFFERED - 1 }, (_, at) => at + 2);
  return offered.includes(current) ? offered : [...offered, current];
}
