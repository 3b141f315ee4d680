import { InvariantError } from '../diagnostics/invariantError.ts';
import type { ImageValues, PixelMap } from './imageValues.ts';

export const MAP_METHODS = ['grad-cam', 'grad-cam++'] as const;
export type MapMethod = (typeof MAP_METHODS)[number];

/**
 * The map of a class at a block: `relu(sum_k weight_k * A_k)`, `[H, W]`. A: output of the block for one image,
 * `[C, H, W]`; `gradients`: gradient of the logit y of the class with respect to it. Sums are in double precision.
 *
 * - Grad-CAM (Selvaraju et al. 2017, equations 1 and 2): `weight_k = mean over the pixels of dy/dA_k`.
 * - Grad-CAM++ (Chattopadhyay et al. 2018, equations 18 and 19 for the score exp(y)): with g = dy/dA_k at a pixel,
 *   `weight_k = sum over the pixels of alpha * relu(g)`, `alpha = g² / (2 g² + sum(A_k) g³) = 1 / (2 + sum(A_k) g)`.
 *   The factor exp(y) of all weights is left out, which only scales the map.
 */
export function classMap(method: MapMethod, image: ImageValues, gradients: ArrayLike<number>): PixelMap {
  const { channels, height, width, values } = image;
  const pixels = height * width;
  if (gradients.length !== channels * pixels || values.length !== gradients.length)
    throw new InvariantError(`${gradients.length} gradients for ${values.length} values`);
  const weigh = method === 'grad-cam' ? meanGradient : weightedGradient;
  const sums = new Float64Array(pixels);
  for (let channel = 0; channel < channels; channel += 1) {
    const start = channel * pixels;
    const weight = weigh(values, gradients, start, pixels);
    for (let i = 0; i < pixels; i += 1) sums[i] = (sums[i] ?? 0) + weight * (values[start + i] ?? NaN);
  }
  return { height, width, values: Float32Array.from(sums, (sum) => Math.max(0, sum)) };
}

type Weigh = (
  values: ArrayLike<number>,
  gradients: ArrayLike<number>,
  start: number,
  count: number,
) => number;

const meanGradient: Weigh = (_values, gradients, start, count) => sumOf(gradients, start, count) / count;

const weightedGradient: Weigh = (values, gradients, start, count) => {
  const total = sumOf(values, start, count);
  let weight = 0;
  for (let i = start; i < start + count; i += 1) {
    const g = gradients[i] ?? NaN;
    const divisor = 2 + total * g;
    // Where g is not positive, relu(g) is 0, and so is the term.
    if (g > 0 && divisor !== 0) weight += g / divisor;
    else if (Number.isNaN(g)) return NaN;
  }
  return weight;
};

function sumOf(values: ArrayLike<number>, start: number, count: number): number {
  let sum = 0;
  for (let i = start; i < start + count; i += 1) sum += values[i] ?? NaN;
  return sum;
}
