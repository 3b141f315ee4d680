import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { progressSchema, type Progress } from '../threads/progress.ts';
import { startThread, type Cancellable } from '../threads/startThread.ts';
import {
  evaluationOutcomeSchema,
  type EvaluationOutcome,
  type EvaluationRequest,
} from './evaluationMessages.ts';
import type { JudgeOptions } from './judgeOptions.ts';
import type { Judgement } from './judgeRun.ts';
import { keepEvaluation, type Keeping } from './keepEvaluation.ts';

/** A cancel is answered this soon, even where the thread computes a long step. */
const ANSWER_AFTER_MS = 60;

/** A thread that hears no cancel for so long is ended; its files are then removed here. */
const KILL_AFTER_MS = 10_000;

/** What can be passed to a thread. */
type EvaluationAsked = Omit<EvaluationRequest, 'folder' | 'isWhole'> & Pick<JudgeOptions, 'keep'>;

/** An evaluation in progress. */
export interface StartedEvaluation<R> extends Cancellable<R> {
  /**
   * Rejects with 'interrupted' soon after a cancel; the thread may then still have to end, and what it wrote to be
   * removed, before `done` rejects. Stays open where the cancel came too late.
   */
  readonly cancelled: Promise<never>;
}

/** Where an evaluation was kept, and what could not be read. */
type KeptOutcome = Keeping & Pick<EvaluationOutcome, 'id' | 'skipped'>;

/**
 * Evaluates a run in a thread of its own. Its folder gets its final name here, as the last step, so that a cancelled
 * evaluation leaves nothing. `done` rejects as `judgeRun` throws, and with 'worker-died'.
 */
export function startEvaluation(
  asked: EvaluationAsked,
  onProgress: (progress: Progress) => void,
): StartedEvaluation<KeptOutcome> {
  const { done, ...started } = start({ ...asked, isWhole: false }, onProgress);
  return { ...started, done: done.then(({ whole: _none, ...kept }) => kept) };
}

/** As `startEvaluation`; returns everything that was found. */
export function startJudgement(
  asked: EvaluationAsked,
  onProgress: (progress: Progress) => void,
): StartedEvaluation<Judgement> {
  const { done, ...started } = start({ ...asked, isWhole: true }, onProgress);
  const whole = done.then(({ id: _id, whole: found, ...kept }) => {
    const { record, ...others } = must(found, 'what an evaluation found');
    return { record, ...others, figures: record.figures, ...kept };
  });
  return { ...started, done: whole };
}

function start(
  { keep, ...asked }: EvaluationAsked & Pick<EvaluationRequest, 'isWhole'>,
  onProgress: (progress: Progress) => void,
): StartedEvaluation<EvaluationOutcome & Keeping> {
  let thread: Cancellable<EvaluationOutcome> | null = null;
  let isCancelled = false;
  /** From here on a cancel comes too late. */
  let isMeasured = false;
  let answer: (error: AppError) => void = () => undefined;
  const cancelled = new Promise<never>((_, reject) => (answer = reject));
  cancelled.catch(() => undefined);
  const refuseCancelled = (): void => {
    if (isCancelled) throw stopped();
  };
  const measure = async (folder: string): Promise<EvaluationOutcome> => {
    refuseCancelled();
    thread = startMeasuring({ ...asked, folder }, onProgress);
    const outcome = await thread.done;
    refuseCancelled();
    isMeasured = true;
    return outcome;
  };
  const done = keepEvaluation({ ...asked, keep }, ({ id }: EvaluationOutcome) => id, measure).then(
    ({ result, ...keeping }) => ({ ...result, ...keeping }),
  );
  done.catch(() => undefined);
  return {
    cancel: () => {
      isCancelled = true;
      thread?.cancel();
      setTimeout(() => {
        if (!isMeasured) answer(stopped());
      }, ANSWER_AFTER_MS);
    },
    ...{ done, cancelled },
  };
}

function stopped(): AppError {
  return new AppError('interrupted', message('runs.evaluationStopped'));
}

function startMeasuring(
  request: EvaluationRequest,
  onProgress: (progress: Progress) => void,
): Cancellable<EvaluationOutcome> {
  return startThread({
    entry: new URL('./evaluationWorker.ts', import.meta.url),
    name: 'evaluation',
    request,
    event: progressSchema,
    result: evaluationOutcomeSchema,
    onEvent: onProgress,
    killAfterMs: KILL_AFTER_MS,
    died: message('evaluating.died'),
  });
}
