import { AppError } from '../diagnostics/appError.ts';
import { message, sentences, type Message } from '../words/message.ts';

/** The update in which a run's values stopped being finite. */
export interface DivergedAt {
  /** Number of the update and of its epoch, both from 1. */
  readonly step: number;
  readonly epoch: number;
  /** Learning rate of that update. */
  readonly learningRate: number;
  /** Learning rate of the settings, from which the schedule derives that of each update. */
  readonly baseRate: number;
}

/** The saved weights of a diverged run. */
export interface KeptWeights {
  /** Updates and finished epochs of the last checkpoint; null when there is none. */
  readonly last: { readonly step: number; readonly epoch: number } | null;
  /** The best epoch; null when its weights are not saved. */
  readonly bestEpoch: number | null;
}

/** The values for every message about divergence. `tryRate`: a tenth of the learning rate in the settings. */
export function divergedValues({ step, epoch, learningRate, baseRate }: DivergedAt): DivergedValues {
  return { step, epoch, rate: short(learningRate), tryRate: Number((baseRate / 10).toPrecision(2)) };
}

type DivergedValues = Readonly<Record<'step' | 'epoch' | 'rate' | 'tryRate', number>>;

/** The error of a run whose values are no longer finite. */
export function divergedError(at: DivergedAt, cause?: unknown): AppError {
  const said = message('training.divergedLoss', divergedValues(at));
  return new AppError('diverged', said, cause === undefined ? {} : { cause });
}

/** The error of an update whose gradient cannot be clipped, because it has a value that is not finite. */
export function gradientError(at: DivergedAt): AppError {
  return new AppError('diverged', message('training.divergedGradient', divergedValues(at)));
}

/** The error of a diverged run, extended by its saved weights; any other error is returned unchanged. */
export function withKeptWeights(error: unknown, kept: KeptWeights): unknown {
  if (!(error instanceof AppError) || error.code !== 'diverged') return error;
  return new AppError('diverged', sentences(error.said, whatIsKept(kept)), {
    ...(error.where === undefined ? {} : { where: error.where }),
    cause: error.cause ?? error,
  });
}

function whatIsKept({ last, bestEpoch }: KeptWeights): Message {
  if (last === null) return message('training.nothingKept');
  const values = { step: last.step, epochs: message('training.epochs', { count: last.epoch }) };
  return bestEpoch === null
    ? message('training.checkpointKept', values)
    : message('training.bestKept', { ...values, best: bestEpoch });
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}
