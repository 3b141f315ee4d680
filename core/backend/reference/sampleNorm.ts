import type { SampleNormForward } from '../../program/channelInstructions.ts';
import type { Shape } from '../../program/shape.ts';
import { imageDims } from './geometry.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { addTo, at } from './values.ts';

/*
 * src, dst [N, C, H, W] or [N, F]; gamma, beta [C] or the dims of a sample. Sets of m values: see `setsOf`.
 * Forward:  mu = sum src / m ; var = sum (src - mu)^2 / m ; xhat = (src - mu) / sqrt(var + eps)
 *           dst = gamma * xhat + beta
 * Backward: g = diffDst * gamma ; diffSrc = (g - sum g / m - xhat * sum(g * xhat) / m) / sqrt(var + eps)
 *           diffGamma = sum diffDst * xhat ; diffBeta = sum diffDst, over the batch and all that share the value
 * Ba et al. 2016 (arXiv 1607.06450), Ulyanov et al. 2016 (1607.08022), Wu and He 2018 (1803.08494), equation 6.
 */
export const sampleNormForward: Kernel<'sampleNormForward'> = (instruction, context) => {
  const places = placesOf(instruction, context.dims(instruction.src));
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const gamma = affineOf(instruction.gamma, 1, places, context);
  const beta = affineOf(instruction.beta, 0, places, context);
  return () => {
    for (let first = 0; first < src.length; first += places.size) {
      for (const set of places.sets) {
        const { mean, inverse } = moments(src, first, set, instruction.epsilon);
        for (const i of set) {
          dst[first + i] = (at(src, first + i) - mean) * inverse * gamma(i) + beta(i);
        }
      }
    }
  };
};

export const sampleNormBackward: Kernel<'sampleNormBackward'> = (instruction, context) => {
  const places = placesOf(instruction, context.dims(instruction.src));
  const src = context.data(instruction.src);
  const diffDst = context.data(instruction.diffDst);
  const gamma = affineOf(instruction.gamma, 1, places, context);
  const diffSrc = instruction.diffSrc === null ? null : context.data(instruction.diffSrc);
  const diffGamma = gradientOf(instruction.diffGamma, places, context);
  const diffBeta = gradientOf(instruction.diffBeta, places, context);
  return () => {
    diffGamma.clear();
    diffBeta.clear();
    for (let first = 0; first < src.length; first += places.size) {
      for (const set of places.sets) {
        const { mean, inverse } = moments(src, first, set, instruction.epsilon);
        const normal = (i: number): number => (at(src, first + i) - mean) * inverse;
        const gradient = (i: number): number => at(diffDst, first + i) * gamma(i);
        const meanGradient = average(set, gradient);
        const meanProduct = average(set, (i) => gradient(i) * normal(i));
        for (const i of set) {
          diffGamma.add(i, at(diffDst, first + i) * normal(i));
          diffBeta.add(i, at(diffDst, first + i));
          if (diffSrc === null) continue;
          diffSrc[first + i] = inverse * (gradient(i) - meanGradient - normal(i) * meanProduct);
        }
      }
    }
  };
};

/** One sample: its size, the sets of elements that are normalized together, and pixels per channel. */
interface Places {
  readonly size: number;
  readonly sets: readonly (readonly number[])[];
  readonly pixels: number;
}

type Sets = Pick<SampleNormForward, 'over' | 'groups'>;

function placesOf({ over, groups }: Sets, dims: Shape): Places {
  const { channels, height, width } = imageDims(dims);
  const pixels = height * width;
  const size = channels * pixels;
  const perGroup = size / groups;
  const setOf = (i: number): number => (over === 'pixel' ? i % pixels : Math.floor(i / perGroup));
  const sets = Array.from({ length: over === 'pixel' ? pixels : groups }, (): number[] => []);
  for (let i = 0; i < size; i += 1) sets[setOf(i)]?.push(i);
  return { size, sets, pixels };
}

function average(set: readonly number[], value: (i: number) => number): number {
  return set.reduce((sum, i) => sum + value(i), 0) / set.length;
}

function moments(
  values: Float64Array,
  first: number,
  set: readonly number[],
  epsilon: number,
): { mean: number; inverse: number } {
  const mean = average(set, (i) => at(values, first + i));
  const variance = average(set, (i) => (at(values, first + i) - mean) ** 2);
  return { mean, inverse: 1 / Math.sqrt(variance + epsilon) };
}

/** Returns the index of gamma or beta for element `i` of a sample. */
function affineIndex(values: Float64Array, places: Places): (i: number) => number {
  return values.length === places.size ? (i) => i : (i) => Math.floor(i / places.pixels);
}

function affineOf(
  tensor: SampleNormForward['gamma'],
  absent: number,
  places: Places,
  context: KernelContext,
): (i: number) => number {
  if (tensor === null) return () => absent;
  const values = context.data(tensor);
  const index = affineIndex(values, places);
  return (i) => at(values, index(i));
}

function gradientOf(
  tensor: SampleNormForward['gamma'],
  places: Places,
  context: KernelContext,
): { clear(): void; add(i: number, amount: number): void } {
  if (tensor === null) return { clear: () => undefined, add: () => undefined };
  const values = context.data(tensor);
  const index = affineIndex(values, places);
  return {
    clear: () => void values.fill(0),
    add: (i, amount) => {
      addTo(values, index(i), amount);
    },
  };
}
