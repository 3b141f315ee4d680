import { MAX_DECAY, flagCoefficient, numberCoefficient } from './coefficient.ts';
import { FRACTION, POSITIVE } from '../diagnostics/range.ts';

/*
 * Coefficients that several optimizers share, in the order of the command line's help. A coefficient of a single
 * optimizer is defined in the file of that optimizer.
 */

/** Momentum coefficient: the decay of the accumulated gradient. */
export const momentum = numberCoefficient(FRACTION, (kinds) => `momentum of ${kinds.join(' or ')}`);

/** Nesterov momentum: the step looks ahead by one momentum step. */
export const nesterov = flagCoefficient((kinds) => `Nesterov momentum of ${kinds.join(' or ')}`);

/** Range of beta1 and beta2. Bias correction divides by 1 − β^t, so β must be less than 1. */
const BETA = { min: 0, max: MAX_DECAY } as const;

/** Decay of the mean gradient. */
export const beta1 = numberCoefficient(BETA, (kinds) => `of ${kinds.join(', ')}`);

/** Decay of the mean squared gradient. */
export const beta2 = numberCoefficient(BETA, (kinds) => `of ${kinds.join(', ')}`);

/** Added to the denominator of the step, for numerical stability. */
export const epsilon = numberCoefficient(POSITIVE, (kinds) => `of ${kinds.join(', ')}`);

export const SHARED_COEFFICIENTS = { momentum, nesterov, beta1, beta2, epsilon } as const;
