import type { ForeignTensor, SlotValue } from '../foreignModel.ts';
import { elementCount, sameShape } from '../../program/shape.ts';
import { permute, transposeDense } from './permute.ts';
import { fileIndices, isPlain, type VectorOrder } from './vectorOrder.ts';

/** How a tensor of a Keras file becomes the value of a slot. */
export interface Recipe {
  /** The dims that the tensor must have in the file. */
  readonly fileDims: readonly number[];
  /** True where the order of the elements differs. */
  readonly transposed: boolean;
  convert(data: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer>;
}

const unchanged = (data: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> => data;

/** `[kH, kW, in / groups, out]` to `[out, in / groups, kH, kW]`. */
export function convKernel([out = 1, inputs = 1, height = 1, width = 1]: readonly number[]): Recipe {
  return permuted([height, width, inputs, out], [3, 2, 0, 1]);
}

/** `[kH, kW, C, M]` to `[C * M, 1, kH, kW]`: the filters of a channel stand together in both. */
export function depthwiseKernel(
  [out = 1, , height = 1, width = 1]: readonly number[],
  channels: number,
): Recipe {
  return permuted([height, width, channels, out / channels], [2, 3, 0, 1]);
}

/** `[kH, kW, out, in]` to `[in, out, kH, kW]`. */
export function transposedKernel([inputs = 1, out = 1, height = 1, width = 1]: readonly number[]): Recipe {
  return permuted([height, width, out, inputs], [3, 2, 0, 1]);
}

/** `[in, out]` to `[out, in]`, with the inputs in our order. */
export function denseKernel([out = 1, inputs = 1]: readonly number[], order: VectorOrder): Recipe {
  return {
    fileDims: [inputs, out],
    transposed: true,
    convert: (data) => transposeDense(data, [inputs, out], fileIndices(order)),
  };
}

/** One value per feature of a vector, `[F]`, in our order. */
export function featureValues(order: VectorOrder, fileDims: readonly number[]): Recipe {
  if (isPlain(order)) return asIs(fileDims);
  const convert = (data: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> => {
    const indices = fileIndices(order);
    return indices === null ? data : Float32Array.from(indices, (from) => data[from] ?? 0);
  };
  return { fileDims, transposed: true, convert };
}

/** `[H, W, C]` to `[C, H, W]`. */
export function imageValues([channels = 1, height = 1, width = 1]: readonly number[]): Recipe {
  return permuted([height, width, channels], [2, 0, 1]);
}

/** The same elements in the same order. */
export function asIs(fileDims: readonly number[]): Recipe {
  return { fileDims, transposed: false, convert: unchanged };
}

function permuted(fileDims: readonly number[], axes: readonly number[]): Recipe {
  return { fileDims, transposed: true, convert: (data) => permute(data, fileDims, axes) };
}

/** The value of a slot with these dims; null where the tensor has other dims than the recipe wants. */
export function slotValue(tensor: ForeignTensor, recipe: Recipe, dims: readonly number[]): SlotValue | null {
  if (!sameShape(tensor.dims, recipe.fileDims) || elementCount(dims) !== elementCount(tensor.dims))
    return null;
  return {
    dims,
    from: [tensor.name],
    transposed: recipe.transposed,
    read: () => recipe.convert(tensor.read()),
  };
}

/** A value that the file leaves out because it is always the same. */
export function constantValue(value: number, dims: readonly number[]): SlotValue {
  return {
    dims,
    from: [],
    transposed: false,
    read: () => new Float32Array(elementCount(dims)).fill(value),
  };
}
