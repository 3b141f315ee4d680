import type { Shape } from '../../program/shape.ts';
import type { KerasVariable } from './kerasLayer.ts';

/**
 * How the values of a vector are ordered in Keras: runs that a flattened image `[H, W, C]` makes, one after the other.
 * Our order of each run is `[C, H, W]`.
 */
export type VectorOrder = readonly Shape[];

/** A vector in the same order in both. */
export function plainOrder(size: number): VectorOrder {
  return [[size, 1, 1]];
}

export function isPlainOrder(order: VectorOrder): boolean {
  return order.every(([channels = 1, height = 1, width = 1]) => channels === 1 || height * width === 1);
}

/** True where values at the same index of both vectors belong together. */
export function isSameOrder(a: VectorOrder, b: VectorOrder): boolean {
  return (isPlainOrder(a) && isPlainOrder(b)) || JSON.stringify(a) === JSON.stringify(b);
}

/** For each index in Keras, the index of the same value in our vector. */
export function ourIndices(order: VectorOrder): Int32Array {
  const indices: number[] = [];
  for (const [channels = 1, height = 1, width = 1] of order) {
    const start = indices.length;
    const area = height * width;
    for (let pixel = 0; pixel < area; pixel += 1)
      for (let channel = 0; channel < channels; channel += 1) indices.push(start + channel * area + pixel);
  }
  return Int32Array.from(indices);
}

/** One value for each of a vector, in Keras' order. */
export function reordered({ dims, data }: KerasVariable, order: VectorOrder): KerasVariable {
  if (isPlainOrder(order)) return { dims, data };
  return { dims, data: Float32Array.from(ourIndices(order), (from) => data[from] ?? 0) };
}
