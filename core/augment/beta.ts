import type { Draws } from './draws.ts';

/** Draws from Beta(alpha, alpha), as the ratio of two gamma variates; `alpha` above 0. */
export function drawBeta(draws: Draws, alpha: number): number {
  const a = drawLogGamma(draws, alpha);
  const b = drawLogGamma(draws, alpha);
  // Computed in logarithms: for a small alpha both variates may underflow.
  return 1 / (1 + Math.exp(b - a));
}

/**
 * Log of a gamma variate of shape `alpha` (Marsaglia and Tsang 2000; below 1 by their boost, `gamma(alpha + 1) * u **
 * (1 / alpha)`).
 */
function drawLogGamma(draws: Draws, alpha: number): number {
  const boost = alpha < 1 ? Math.log(1 - draws.uniform()) / alpha : 0;
  const d = (alpha < 1 ? alpha + 1 : alpha) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(draws);
    const v = (1 + c * x) ** 3;
    const u = 1 - draws.uniform();
    if (v > 0 && Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return boost + Math.log(d * v);
  }
}

/** Standard normal (Box and Muller 1958). */
function drawNormal(draws: Draws): number {
  const radius = Math.sqrt(-2 * Math.log(1 - draws.uniform()));
  return radius * Math.cos(2 * Math.PI * draws.uniform());
}
