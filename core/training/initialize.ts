import type { FloatArray } from '../backend/backend.ts';
import type { Initializer, StateLayout } from '../program/stateLayout.ts';
import { openStream, type RandomStream } from './random.ts';

/**
 * Fills `state` with the values before the first step: parameters drawn by their initializers, means 0 and variances 1,
 * moments 0. Each parameter has a stream of its own, named after it, so that adding or moving another block changes nothing.
 */
export function initializeState(layout: StateLayout, seed: number, state: FloatArray): void {
  state.fill(0);
  for (const slot of layout.parameters) {
    const draw = drawer(slot.init, openStream(seed, `init:${slot.name}`));
    for (let index = slot.offset; index < slot.offset + slot.size; index += 1) state[index] = draw();
  }
  for (const slot of layout.statistics) state.fill(slot.initial, slot.offset, slot.offset + slot.size);
}

/**
 * Half width of a uniform initializer, standard deviation of a normal one, or the value of a constant one.
 * - heNormal: deviation sqrt(2 / fanIn); He et al. 2015 (arXiv 1502.01852), equation 10.
 * - xavierUniform: half width sqrt(6 / (fanIn + fanOut)); Glorot and Bengio 2010, equation 16.
 * - lecunNormal: deviation sqrt(1 / fanIn); LeCun et al. 1998, "Efficient BackProp", section 4.6.
 * - torchUniform: half width 1 / sqrt(fanIn); weights and biases of torch.nn.Conv2d and Linear as they come.
 */
export function initializerScale(init: Initializer): number {
  switch (init.kind) {
    case 'constant':
      return init.value;
    case 'heNormal':
      return Math.sqrt(2 / init.fanIn);
    case 'xavierUniform':
      return Math.sqrt(6 / (init.fanIn + init.fanOut));
    case 'lecunNormal':
      return Math.sqrt(1 / init.fanIn);
    case 'torchUniform':
      return 1 / Math.sqrt(init.fanIn);
  }
}

function drawer(init: Initializer, random: RandomStream): () => number {
  const scale = initializerScale(init);
  switch (init.kind) {
    case 'constant':
      return () => scale;
    case 'heNormal':
    case 'lecunNormal':
      return () => scale * random.normal();
    case 'xavierUniform':
    case 'torchUniform':
      return () => scale * (2 * random.uniform() - 1);
  }
}
