import { describe, expect, it } from 'vitest';
import { dataSettingsSchema } from '#core/document/dataSettings.ts';
import { changeTo, foldCounts, sourceOf } from './validationSource.ts';

const settings = (given: object) => dataSettingsSchema.parse(given);
const part = settings({});
const folds = settings({ crossValidation: { folds: 4, fold: 3 } });
const own = settings({ validationFolder: '/val', crossValidation: { folds: 4, fold: 3 } });

describe('the source of validation images', () => {
  it('follows the settings, a folder before folds', () => {
    expect([part, folds, own].map(sourceOf)).toEqual(['part', 'folds', 'own']);
  });

  it('changes in one step that the schema accepts, and leaves what is chosen already', () => {
    for (const from of [part, folds, own])
      for (const next of ['part', 'folds'] as const) {
        const change = changeTo(next, from);
        if (sourceOf(from) === next) expect(change).toBeNull();
        else expect(sourceOf(settings({ ...from, ...change }))).toBe(next);
      }
    expect(changeTo('own', folds)).toBeNull();
    expect(changeTo('folds', part)).toEqual({
      validationFolder: null,
      crossValidation: { folds: 5, fold: 1 },
    });
  });

  it('offers 2 to 20 folds, and what a file may say beyond', () => {
    expect(foldCounts(5)).toHaveLength(19);
    expect(foldCounts(50).slice(-2)).toEqual([20, 50]);
  });
});
