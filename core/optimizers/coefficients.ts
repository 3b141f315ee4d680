import { MAX_DECAY, flagCoefficient, numberCoefficient } from './coefficient.ts';
import { FRACTION, POSITIVE } from '../diagnostics/range.ts';

/*
 * Coefficients that several optimizers share, in the order of the command line's help. A coefficient that one optimizer
 * alone has stands on its page.
 */

/** Share of the last step that goes on. */
export const momentum = numberCoefficient(FRACTION, (kinds) => `momentum of ${kinds.join(' or ')}`);

/** The gradient is taken after the momentum's step. */
export const nesterov = flagCoefficient((kinds) => `Nesterov momentum of ${kinds.join(' or ')}`);

/** Of an average that is corrected by 1 − β^t: 1 would divide by zero. */
const BETA = { min: 0, max: MAX_DECAY } as const;

/** Decay of the mean gradient. */
export const beta1 = numberCoefficient(BETA, (kinds) => `of ${kinds.join(', ')}`);

/** Decay of the mean squared gradient. */
export const beta2 = numberCoefficient(BETA, (kinds) => `of ${kinds.join(', ')}`);

/** Added to the root of the squared gradient. */
export const epsilon = numberCoefficient(POSITIVE, (kinds) => `of ${kinds.join(', ')}`);

export const SHARED_COEFFICIENTS = { momentum, nesterov, beta1, beta2, epsilon } as const;
