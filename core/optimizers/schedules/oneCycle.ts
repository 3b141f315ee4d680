import { FRACTION, numberIn, POSITIVE } from '../../diagnostics/range.ts';
import { defineSchedule, halfCosine } from './definition.ts';

/**
 * Rises from `1/startDivisor` to 1 at `t = rise*T - 1`, then falls to `1/(startDivisor*finalDivisor)` at `t = T - 1`,
 * both along half cosines; Smith and Topin 2018 (arXiv 1708.07120) as torch.optim.lr_scheduler.OneCycleLR computes it,
 * with its defaults.
 */
export const oneCycle = defineSchedule({
  kind: 'oneCycle',
  settings: {
    riseFraction: numberIn(FRACTION).default(0.3),
    startDivisor: numberIn(POSITIVE).default(25),
    finalDivisor: numberIn(POSITIVE).default(1e4),
  },
  numbers: { riseFraction: FRACTION, startDivisor: POSITIVE, finalDivisor: POSITIVE },
  spansTheRun: true,
  factor: ({ riseFraction, startDivisor, finalDivisor }, { t, T }) => {
    const start = 1 / startDivisor;
    const end = start / finalDivisor;
    const top = Math.max(0, riseFraction * T - 1);
    if (t < top) return halfCosine(start, 1, t / top);
    return halfCosine(1, end, Math.min(1, (t - top) / (T - 1 - top || 1)));
  },
});
