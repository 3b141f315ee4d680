import type { ClassCounts } from './confusion.ts';

/** Precision, recall and F1 of one class; null where they are not defined (0 / 0). */
export interface ClassRates {
  /** Share of the images given to the class that belong to it. */
  readonly precision: number | null;
  /** Share of the images of the class that were given to it. */
  readonly recall: number | null;
  /** Harmonic mean of both, `2 correct / (support + decided)`. */
  readonly f1: number | null;
}

/** The rates of class `k`. */
export function ratesOf({ support, decided, correct }: ClassCounts, k: number): ClassRates {
  const [all = 0, given = 0, right = 0] = [support[k], decided[k], correct[k]];
  return {
    precision: given === 0 ? null : right / given,
    recall: all === 0 ? null : right / all,
    f1: all + given === 0 ? null : (2 * right) / (all + given),
  };
}

/** Means of the rates over classes. */
export interface MeanRates {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * Means over the classes that occur as true or as decided class: `macro` weights each class equally, `weighted` by its
 * number of images. A rate that is not defined counts as 0, as in scikit-learn's `precision_recall_fscore_support` with
 * `average='macro'` and `'weighted'`. `balanced`: the mean recall of the classes with images, as
 * `balanced_accuracy_score`. NaN without images.
 */
export function meanRates(counts: ClassCounts): { macro: MeanRates; weighted: MeanRates; balanced: number } {
  const macro = { precision: 0, recall: 0, f1: 0 };
  const weighted = { precision: 0, recall: 0, f1: 0 };
  let [occurring, inhabited, images, recalls] = [0, 0, 0, 0];
  counts.support.forEach((support, k) => {
    if (support === 0 && counts.decided[k] === 0) return;
    const rates = ratesOf(counts, k);
    occurring += 1;
    images += support;
    if (support > 0) {
      inhabited += 1;
      recalls += rates.recall ?? 0;
    }
    for (const name of RATES) {
      macro[name] += rates[name] ?? 0;
      weighted[name] += support * (rates[name] ?? 0);
    }
  });
  for (const name of RATES) {
    macro[name] /= occurring;
    weighted[name] /= images;
  }
  return { macro, weighted, balanced: recalls / inhabited };
}

export const RATES = ['precision', 'recall', 'f1'] as const;
