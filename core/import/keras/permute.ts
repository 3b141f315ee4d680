import { elementCount } from '../../program/shape.ts';

/**
 * The elements of a tensor with its axes in another order: axis `k` of the result is axis `axes[k]` of the tensor with
 * `dims`. Both are in C order.
 */
export function permute(
  data: Float32Array,
  dims: readonly number[],
  axes: readonly number[],
): Float32Array<ArrayBuffer> {
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  const sizes = axes.map((axis) => dims[axis] ?? 1);
  const steps = axes.map((axis) => strides[axis] ?? 0);
  const result = new Float32Array(data.length);
  const index = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to += 1) {
    result[to] = data[from] ?? 0;
    for (let axis = sizes.length - 1; axis >= 0; axis -= 1) {
      const [size, step] = [sizes[axis] ?? 1, steps[axis] ?? 0];
      const next = (index[axis] ?? 0) + 1;
      from += step;
      if (next < size) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
      from -= size * step;
    }
  }
  return result;
}

/** A kernel `[in, out]` as `[out, in]`; input `i` of ours is input `indices[i]` of the file, or `i` without indices. */
export function transposeDense(
  data: Float32Array,
  [inputs, outputs]: readonly [number, number],
  indices: Int32Array | null,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(data.length);
  for (let input = 0; input < inputs; input += 1) {
    const from = (indices?.[input] ?? input) * outputs;
    for (let output = 0; output < outputs; output += 1)
      result[output * inputs + input] = data[from + output] ?? 0;
  }
  return result;
}
