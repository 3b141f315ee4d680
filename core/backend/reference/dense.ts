import { elementCount } from '../../program/shape.ts';
import type { TensorId } from '../../program/tensor.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { addProduct, addProductOfTransposed, addProductWithTransposed, type Matrix } from './matrix.ts';
import { addTo, at } from './values.ts';

/*
 * src [N, I], weights [O, I], bias [O], dst [N, O].
 * Forward:  dst = src weights^T + bias in every row
 * Backward: diffSrc = diffDst weights ; diffWeights = diffDst^T src ; diffBias = sum of the rows of diffDst
 */
export const denseForward: Kernel<'denseForward'> = (instruction, context) => {
  const src = batchMatrix(instruction.src, context);
  const dst = batchMatrix(instruction.dst, context);
  const weights = { data: context.data(instruction.weights), rows: dst.columns, columns: src.columns };
  const bias = instruction.bias === null ? null : context.data(instruction.bias);
  return () => {
    for (let i = 0; i < dst.data.length; i += 1) dst.data[i] = bias === null ? 0 : at(bias, i % dst.columns);
    addProductWithTransposed(dst, src, weights);
  };
};

export const denseBackwardData: Kernel<'denseBackwardData'> = (instruction, context) => {
  const diffSrc = batchMatrix(instruction.diffSrc, context);
  const diffDst = batchMatrix(instruction.diffDst, context);
  const weights = {
    data: context.data(instruction.weights),
    rows: diffDst.columns,
    columns: diffSrc.columns,
  };
  return () => {
    diffSrc.data.fill(0);
    addProduct(diffSrc, diffDst, weights);
  };
};

export const denseBackwardWeights: Kernel<'denseBackwardWeights'> = (instruction, context) => {
  const src = batchMatrix(instruction.src, context);
  const diffDst = batchMatrix(instruction.diffDst, context);
  const diffWeights = {
    data: context.data(instruction.diffWeights),
    rows: diffDst.columns,
    columns: src.columns,
  };
  const diffBias = instruction.diffBias === null ? null : context.data(instruction.diffBias);
  return () => {
    diffWeights.data.fill(0);
    addProductOfTransposed(diffWeights, diffDst, src);
    if (diffBias === null) return;
    diffBias.fill(0);
    for (let i = 0; i < diffDst.data.length; i += 1)
      addTo(diffBias, i % diffDst.columns, at(diffDst.data, i));
  };
};

function batchMatrix(tensor: TensorId, context: KernelContext): Matrix {
  return { data: context.data(tensor), rows: context.batch, columns: elementCount(context.dims(tensor)) };
}
