import { AppError, type ErrorValues } from '../diagnostics/appError.ts';

/** Where a run was when its numbers left the finite range. */
export interface DivergedAt {
  /** Number of the update, and of its epoch, from 1. */
  readonly step: number;
  readonly epoch: number;
  /** Of that update. */
  readonly learningRate: number;
  /** Of the settings, from which the schedule makes that of each update. */
  readonly baseRate: number;
}

/** What is left of a diverged run. */
export interface KeptWeights {
  /** Updates and finished epochs of the last checkpoint; null when there is none. */
  readonly last: { readonly step: number; readonly epoch: number } | null;
  /** The best epoch; null when no weights of one are kept. */
  readonly bestEpoch: number | null;
}

/** The same numbers for every way of telling. `tryRate`: a tenth of the learning rate in the settings. */
export function divergedValues({ step, epoch, learningRate, baseRate }: DivergedAt): ErrorValues {
  return { step, epoch, rate: short(learningRate), tryRate: Number((baseRate / 10).toPrecision(2)) };
}

/** The error of a run whose numbers left the finite range. */
export function divergedError(at: DivergedAt, cause?: unknown): AppError {
  const values = divergedValues(at);
  return new AppError(
    'diverged',
    `Training diverged at step ${at.step} (epoch ${at.epoch}): numbers grew beyond what can be computed with, at learning rate ${values.rate}; ` +
      `try a learning rate of ${values.tryRate} (a tenth), a longer warm-up, or batch normalization.`,
    { values: { ...values, what: 'loss' }, ...(cause === undefined ? {} : { cause }) },
  );
}

/** The error of an update whose gradient cannot be clipped, because it holds a number that is not finite. */
export function gradientError(at: DivergedAt): AppError {
  const values = divergedValues(at);
  return new AppError(
    'diverged',
    `The gradient of step ${at.step} (epoch ${at.epoch}) holds a number that is not finite, so it cannot be clipped, although the loss is ` +
      `finite (learning rate ${values.rate}); try a learning rate of ${values.tryRate} (a tenth), or precision f32 if it is bf16.`,
    { values: { ...values, what: 'gradient' } },
  );
}

/** The error of a diverged run with what is left of it; any other error as it is. */
export function withKeptWeights(error: unknown, kept: KeptWeights): unknown {
  if (!(error instanceof AppError) || error.code !== 'diverged') return error;
  const { last, bestEpoch } = kept;
  return new AppError('diverged', `${error.message} ${keptSentence(kept)}`, {
    ...(error.where === undefined ? {} : { where: error.where }),
    cause: error.cause ?? error,
    values: {
      ...error.values,
      ...(last === null ? {} : { keptStep: last.step, keptEpoch: last.epoch }),
      ...(bestEpoch === null ? {} : { bestEpoch }),
    },
  });
}

function keptSentence({ last, bestEpoch }: KeptWeights): string {
  if (last === null) return 'No checkpoint had been written, so there are no weights to go back to.';
  const best = bestEpoch === null ? '' : `, and so are the weights of the best epoch, ${bestEpoch}`;
  const epochs = last.epoch === 1 ? '1 epoch' : `${last.epoch} epochs`;
  return `The checkpoint of step ${last.step} (after ${epochs}) is kept${best}.`;
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}
