import { FRACTION, numberIn } from '../../diagnostics/range.ts';
import { defineSchedule, halfCosine } from './definition.ts';

/**
 * `f + (1 - f) * (1 + cos(pi t / T)) / 2`, with final fraction f; Loshchilov and Hutter 2017 (arXiv 1608.03983),
 * equation 5, without restarts.
 */
export const cosine = defineSchedule({
  kind: 'cosine',
  settings: { finalFraction: numberIn(FRACTION).default(0) },
  numbers: { finalFraction: FRACTION },
  spansTheRun: true,
  factor: ({ finalFraction }, { t, T }) => halfCosine(1, finalFraction, Math.min(1, t / T)),
});
