import { judgeInto, type Found } from './judgeInto.ts';
import type { JudgeOptions } from './judgeOptions.ts';
import { keepEvaluation, type Keeping } from './keepEvaluation.ts';

/** What an evaluation found, and where it is kept. */
export interface Judgement extends Found, Keeping {}

/**
 * Evaluates a run in this thread and keeps the result as `options.keep` says. Nothing else of the run is changed.
 * Throws as `judgeInto` and `keepEvaluation`.
 */
export async function judgeRun(options: JudgeOptions): Promise<Judgement> {
  const { result, ...keeping } = await keepEvaluation(
    options,
    ({ record }: Found) => record.id,
    (folder) => judgeInto(folder, options),
  );
  return { ...result, ...keeping };
}
