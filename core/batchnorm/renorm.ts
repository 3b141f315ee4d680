import type { RenormBounds } from '../program/instruction.ts';

/** Plain batch normalization: r stays 1 and d stays 0. */
export const NO_RENORM: RenormBounds = { maxR: 1, maxD: 0, rampStart: 0, rampEndR: 0, rampEndD: 0 };

/**
 * The limits of batch renormalization at update `step` (from 1): rmax and dmax of Ioffe 2017, section 3. They are 1 and
 * 0 up to `rampStart`, then rise linearly and reach their bounds at `rampEndR` and `rampEndD`. A ramp that ends where
 * it starts is a jump.
 */
export function renormLimits(bounds: RenormBounds, step: number): { rMax: number; dMax: number } {
  const { maxR, maxD, rampStart, rampEndR, rampEndD } = bounds;
  return {
    rMax: 1 + (maxR - 1) * rampShare(step, rampStart, rampEndR),
    dMax: maxD * rampShare(step, rampStart, rampEndD),
  };
}

function rampShare(step: number, start: number, end: number): number {
  if (step <= start) return 0;
  return step >= end ? 1 : (step - start) / (end - start);
}

/**
 * `r = clip(sigma_B / sigma, 1/rmax, rmax)` and `d = clip((mu_B - mu) / sigma, -dmax, dmax)`; Ioffe 2017, algorithm 1.
 */
export function renormCorrection(
  batch: { readonly mean: number; readonly sigma: number },
  stored: { readonly mean: number; readonly sigma: number },
  { rMax, dMax }: { readonly rMax: number; readonly dMax: number },
): { r: number; d: number } {
  return {
    r: clip(batch.sigma / stored.sigma, 1 / rMax, rMax),
    d: clip((batch.mean - stored.mean) / stored.sigma, -dMax, dMax),
  };
}

function clip(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
