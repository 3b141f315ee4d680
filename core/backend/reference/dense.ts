import { elementCount } from '../../shapes/shape.ts';
import type { Kernel } from './kernel.ts';
import { addTo, at } from './values.ts';

/*
 * src [N, I], weights [O, I], bias [O], dst [N, O].
 * Forward:  dst[n,o] = bias[o] + sum_i src[n,i] * weights[o,i]
 * Backward: diffSrc[n,i] = sum_o diffDst[n,o] * weights[o,i]
 *           diffWeights[o,i] = sum_n diffDst[n,o] * src[n,i] ; diffBias[o] = sum_n diffDst[n,o]
 */
export const denseForward: Kernel<'denseForward'> = (instruction, context) => {
  const inputs = elementCount(context.dims(instruction.src));
  const outputs = elementCount(context.dims(instruction.dst));
  const src = context.data(instruction.src);
  const weights = context.data(instruction.weights);
  const bias = instruction.bias === null ? null : context.data(instruction.bias);
  const dst = context.data(instruction.dst);
  return () => {
    for (let n = 0; n < context.batch; n += 1) {
      for (let o = 0; o < outputs; o += 1) {
        let sum = bias === null ? 0 : at(bias, o);
        for (let i = 0; i < inputs; i += 1) sum += at(src, n * inputs + i) * at(weights, o * inputs + i);
        dst[n * outputs + o] = sum;
      }
    }
  };
};

export const denseBackwardData: Kernel<'denseBackwardData'> = (instruction, context) => {
  const inputs = elementCount(context.dims(instruction.diffSrc));
  const outputs = elementCount(context.dims(instruction.diffDst));
  const diffDst = context.data(instruction.diffDst);
  const weights = context.data(instruction.weights);
  const diffSrc = context.data(instruction.diffSrc);
  return () => {
    diffSrc.fill(0);
    for (let n = 0; n < context.batch; n += 1) {
      for (let o = 0; o < outputs; o += 1) {
        const factor = at(diffDst, n * outputs + o);
        for (let i = 0; i < inputs; i += 1)
          addTo(diffSrc, n * inputs + i, factor * at(weights, o * inputs + i));
      }
    }
  };
};

export const denseBackwardWeights: Kernel<'denseBackwardWeights'> = (instruction, context) => {
  const inputs = elementCount(context.dims(instruction.src));
  const outputs = elementCount(context.dims(instruction.diffDst));
  const src = context.data(instruction.src);
  const diffDst = context.data(instruction.diffDst);
  const diffWeights = context.data(instruction.diffWeights);
  const diffBias = instruction.diffBias === null ? null : context.data(instruction.diffBias);
  return () => {
    diffWeights.fill(0);
    diffBias?.fill(0);
    for (let n = 0; n < context.batch; n += 1) {
      for (let o = 0; o < outputs; o += 1) {
        const factor = at(diffDst, n * outputs + o);
        for (let i = 0; i < inputs; i += 1)
          addTo(diffWeights, o * inputs + i, factor * at(src, n * inputs + i));
        if (diffBias !== null) addTo(diffBias, o, factor);
      }
    }
  };
};
