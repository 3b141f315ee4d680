import { AppError } from '../diagnostics/appError.ts';

const KEPT = 'The last good checkpoint is kept.';

/**
 * The error of a run whose numbers left the finite range at update `step` (from 1) of `epoch` (from 1); `learningRate` is that
 * step's.
 */
export function divergedError(step: number, epoch: number, learningRate: number, cause?: unknown): AppError {
  const rate = Number(learningRate.toPrecision(3));
  return new AppError(
    'diverged',
    `Training diverged at step ${step} (epoch ${epoch}): numbers grew beyond what can be computed with, at learning rate ${rate}; ` +
      `try a rate of ${Number((learningRate / 10).toPrecision(2))}, a longer warm-up, or batch normalization. ${KEPT}`,
    cause === undefined ? {} : { cause },
  );
}

/** The error of an update whose gradient cannot be clipped, because it holds a number that is not finite. */
export function gradientError(step: number, epoch: number, learningRate: number): AppError {
  const rate = Number(learningRate.toPrecision(3));
  return new AppError(
    'diverged',
    `The gradient of step ${step} (epoch ${epoch}) holds a number that is not finite, so it cannot be clipped, although the loss is ` +
      `finite (learning rate ${rate}); try a smaller rate, or precision f32 if it is bf16. ${KEPT}`,
  );
}
