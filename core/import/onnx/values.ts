import type { NodeId } from '../../diagnostics/ids.ts';
import { elementCount, type Shape } from '../../program/shape.ts';

/*
 * What the values of an ONNX graph are while the network is rebuilt. The batch is always the first dimension of an
 * activation, and never listed here.
 */

/**
 * Which dimension of a block's output each dimension of the ONNX value is, after the batch: channels (features of a
 * vector), height, width; `1` is a dimension of size 1 that the block's output does not have. `f` is an image flattened
 * in another order than the block's.
 */
export type Axis = 'c' | 'h' | 'w' | '1' | 'f';
export type View = readonly Axis[];

export const IMAGE_VIEW: View = ['c', 'h', 'w'];
export const VECTOR_VIEW: View = ['c'];

/** The output of a block. */
export interface Flow {
  readonly kind: 'flow';
  readonly block: NodeId;
  /** Shape of the block's output. */
  readonly shape: Shape;
  readonly view: View;
  /** For the view `f`: the image before it was flattened, and the order in which the file lists its dimensions. */
  readonly flattened?: { readonly shape: Shape; readonly view: View };
}

/** The images, before the first block: `factor * input + offset` per channel. */
export interface InputFlow {
  readonly kind: 'input';
  readonly view: View;
  readonly factor: readonly number[];
  readonly offset: readonly number[];
}

/** An element of a small constant; `batch` is the size of the batch. */
export type SmallElement = number | 'batch';

/** An initializer, or a constant that was computed from others. */
export interface Constant {
  readonly kind: 'constant';
  readonly dims: readonly number[];
  /** Names of the initializers that it comes from; empty for numbers inside the graph. */
  readonly from: readonly string[];
  /** True where the order of the dims differs in the file. */
  readonly transposed: boolean;
  /** Divisions drop the remainder. */
  readonly isInteger: boolean;
  /** Throws a fault where `read` would. */
  check(): void;
  /** As float32. A new array each time. */
  read(): Float32Array<ArrayBuffer>;
  /** The elements where they are at most `SMALL_LIMIT`; null where they are more. */
  small(): readonly SmallElement[] | null;
}

export const SMALL_LIMIT = 64;

export type Value = Flow | InputFlow | Constant;

/** Sizes of the dimensions after the batch, as the file sees them. */
export function viewedDims(view: View, shape: Shape): readonly number[] {
  return view.map((axis) => sizeOf(axis, shape));
}

export function sizeOf(axis: Axis, shape: Shape): number {
  if (axis === '1') return 1;
  if (axis === 'f') return elementCount(shape);
  return shape[axis === 'c' ? 0 : axis === 'h' ? 1 : 2] ?? 1;
}

/** The view of a block's output as it is: an image or a vector. */
export function plainView(shape: Shape): View {
  return shape.length === 3 ? IMAGE_VIEW : VECTOR_VIEW;
}

export function sameView(one: View, other: View): boolean {
  return one.length === other.length && one.every((axis, index) => axis === other[index]);
}

/** The same elements with other dims. */
export function withDims(tensor: Constant, dims: readonly number[]): Constant {
  return { ...tensor, dims };
}

/** The elements in another order: dimension i of the result is dimension `perm[i]` of `tensor`. */
export function permuted(tensor: Constant, perm: readonly number[]): Constant {
  const dims = perm.map((axis) => tensor.dims[axis] ?? 1);
  const strides = tensor.dims.map((_, axis) => elementCount(tensor.dims.slice(axis + 1)));
  const steps = perm.map((axis) => strides[axis] ?? 1);
  return { ...tensor, dims, transposed: true, read: () => gather(tensor.read(), dims, steps) };
}

function gather(
  from: Float32Array<ArrayBuffer>,
  dims: readonly number[],
  steps: readonly number[],
): Float32Array<ArrayBuffer> {
  const to = new Float32Array(from.length);
  const at = dims.map(() => 0);
  let source = 0;
  for (let index = 0; index < to.length; index += 1) {
    to[index] = from[source] ?? 0;
    for (let axis = dims.length - 1; axis >= 0; axis -= 1) {
      const next = (at[axis] ?? 0) + 1;
      source += steps[axis] ?? 0;
      if (next < (dims[axis] ?? 1)) {
        at[axis] = next;
        break;
      }
      source -= (steps[axis] ?? 0) * next;
      at[axis] = 0;
    }
  }
  return to;
}
