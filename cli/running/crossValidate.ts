import { join, resolve } from 'node:path';
import type { RunResult } from '#core/contract/runResult.ts';
import { log, print, table } from '../output/output.ts';

/** The runs of a cross-validation, fold 1 first, and the summary of their validation. */
interface CrossValidation {
  readonly run: string;
  readonly folds: readonly RunResult[];
  /** Mean over the folds, and the standard deviation of a fold (divisor k - 1). */
  readonly val: { readonly accuracy: { readonly mean: number; readonly deviation: number } };
}

/**
 * Trains one run for each fold, in folders `fold-1`, `fold-2`, … of `out`. Throws the error of the first run that
 * fails.
 */
export async function crossValidate(
  folds: number,
  out: string,
  train: (fold: number, out: string) => Promise<RunResult>,
): Promise<CrossValidation> {
  const results: RunResult[] = [];
  for (let fold = 1; fold <= folds; fold += 1) {
    log(`fold ${fold} of ${folds}`);
    results.push(await train(fold, join(out, `fold-${fold}`)));
  }
  const accuracies = results.map(({ val }) => val?.accuracy ?? Number.NaN);
  return { run: resolve(out), folds: results, val: { accuracy: meanAndDeviation(accuracies) } };
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

export function printFolds({ folds, val }: CrossValidation): void {
  const rows = folds.map((result, index) => [
    index + 1,
    result.train.accuracy.toFixed(4),
    result.val?.accuracy.toFixed(4) ?? '-',
  ]);
  print(table(['fold', 'training', 'validation'], rows));
  const { mean, deviation } = val.accuracy;
  print(`\nvalidation accuracy ${mean.toFixed(4)} ± ${deviation.toFixed(4)} over ${folds.length} folds`);
}
