import type { DataSettings } from '#core/document/dataSettings.ts';

/** Where validation images come from. */
export const VALIDATION_SOURCES = ['part', 'folds', 'own'] as const;
export type ValidationSource = (typeof VALIDATION_SOURCES)[number];

/** Default number of folds. */
const FOLDS = 5;
const MOST_OFFERED = 20;

type Sourced = Pick<DataSettings, 'validationFolder' | 'crossValidation'>;

/** The source in the settings; a folder of its own takes precedence over folds, as in training. */
export function sourceOf({ validationFolder, crossValidation }: Sourced): ValidationSource {
  if (validationFolder !== null) return 'own';
  return crossValidation === null ? 'part' : 'folds';
}

/**
 * The command that makes `next` the source, in one undo step; null when nothing changes. A folder is set by choosing
 * it.
 */
export function changeTo(next: ValidationSource, settings: Sourced): Partial<DataSettings> | null {
  if (next === 'own' || next === sourceOf(settings)) return null;
  return { validationFolder: null, crossValidation: next === 'folds' ? { folds: FOLDS, fold: 1 } : null };
}

/** The numbers of folds to choose from, including the project's own. */
export function foldCounts(current: number): number[] {
  const offered = Array.from({ length: MOST_OFFERED - 1 }, (_, at) => at + 2);
  return offered.includes(current) ? offered : [...offered, current];
}
