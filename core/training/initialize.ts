import type { FloatArray } from '../program/floatArray.ts';
import type { FanInitializer, Initializer, StateLayout } from '../program/stateLayout.ts';
import { drawOrthogonal } from './orthogonal.ts';
import { openStream, type RandomStream } from './random.ts';

/**
 * Fills `state` with the values before the first step: parameters drawn by their initializers, means 0 and variances 1,
 * moments 0, averages what they are the averages of. Each parameter has a stream of its own, named after it, so that adding or moving another block changes nothing.
 */
export function initializeState(layout: StateLayout, seed: number, state: FloatArray): void {
  state.fill(0);
  for (const slot of layout.parameters) {
    const draw = drawer(slot.init, openStream(seed, `init:${slot.name}`));
    for (let index = slot.offset; index < slot.offset + slot.size; index += 1) state[index] = draw();
  }
  for (const slot of layout.statistics) state.fill(slot.initial, slot.offset, slot.offset + slot.size);
  const { averageOffset, statisticsOffset, statisticsSize } = layout;
  if (averageOffset !== undefined) state.copyWithin(averageOffset, 0, statisticsOffset + statisticsSize);
}

/** Standard deviations at which a truncated normal distribution is cut. */
const CUT = 2;

/**
 * Half width of a uniform initializer, standard deviation of a normal one (of a truncated one before it is cut), the value of
 * a constant one, or the length of an orthogonal one's rows.
 * - heNormal, heUniform: deviation sqrt(2 / fanIn); He et al. 2015 (arXiv 1502.01852), equation 10.
 * - xavierNormal, xavierUniform: deviation sqrt(2 / (fanIn + fanOut)); Glorot and Bengio 2010, equation 16.
 * - lecunNormal, lecunUniform: deviation sqrt(1 / fanIn); LeCun et al. 1998, "Efficient BackProp", section 4.6.
 * - torchUniform: half width 1 / sqrt(fanIn); weights and biases of torch.nn.Conv2d and Linear as they come.
 * - tooSmall, tooLarge: a tenth of heNormal, and ten times it: wrong on purpose.
 *
 * The half width of a uniform distribution is sqrt(3) of its deviation.
 */
export function initializerScale(init: Initializer): number {
  switch (init.kind) {
    case 'constant':
      return init.value;
    case 'truncatedNormal':
      return init.deviation;
    case 'orthogonal':
      return 1;
    default:
      return fanScale(init.kind, init.fanIn, init.fanOut);
  }
}

function fanScale(kind: FanInitializer, fanIn: number, fanOut: number): number {
  switch (kind) {
    case 'heNormal':
      return Math.sqrt(2 / fanIn);
    case 'heUniform':
      return Math.sqrt(6 / fanIn);
    case 'xavierNormal':
      return Math.sqrt(2 / (fanIn + fanOut));
    case 'xavierUniform':
      return Math.sqrt(6 / (fanIn + fanOut));
    case 'lecunNormal':
      return Math.sqrt(1 / fanIn);
    case 'lecunUniform':
      return Math.sqrt(3 / fanIn);
    case 'torchUniform':
      return 1 / Math.sqrt(fanIn);
    case 'tooSmall':
      return 0.1 * Math.sqrt(2 / fanIn);
    case 'tooLarge':
      return 10 * Math.sqrt(2 / fanIn);
  }
}

/** Gives the values of one parameter in order. */
function drawer(init: Initializer, random: RandomStream): () => number {
  const scale = initializerScale(init);
  switch (init.kind) {
    case 'constant':
      return () => scale;
    case 'heNormal':
    case 'xavierNormal':
    case 'lecunNormal':
    case 'tooSmall':
    case 'tooLarge':
      return () => scale * random.normal();
    case 'heUniform':
    case 'xavierUniform':
    case 'lecunUniform':
    case 'torchUniform':
      return () => scale * (2 * random.uniform() - 1);
    case 'truncatedNormal':
      return () => scale * normalWithin(CUT, random);
    case 'orthogonal':
      return inOrder(drawOrthogonal(init.rows, init.columns, random));
  }
}

/** A standard normal number, drawn again until it lies within `bound` of 0. */
function normalWithin(bound: number, random: RandomStream): number {
  let value = random.normal();
  while (Math.abs(value) > bound) value = random.normal();
  return value;
}

function inOrder(values: Float64Array): () => number {
  let next = 0;
  return () => values[next++] ?? NaN;
}
