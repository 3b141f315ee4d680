import type { Window } from '../../program/instruction.ts';
import type { ImageDims } from './geometry.ts';
import { windowTaps } from './geometry.ts';
import type { Matrix } from './matrix.ts';
import { addTo, at } from './values.ts';

/**
 * The indices of im2col: for every position of a window, `[channels * kH * kW, P * Q]` indices into the `[C, H, W]`
 * block, minus one in the padding. With them a convolution is a matrix product.
 */
export function patchIndices(window: Window, input: ImageDims, output: ImageDims): Int32Array {
  const { rows, columns } = windowTaps(window, input, output);
  const indices: number[] = [];
  for (let channel = 0; channel < input.channels; channel += 1) {
    for (const ys of rows) {
      for (const xs of columns) {
        for (const y of ys) {
          for (const x of xs) {
            const inside = y >= 0 && x >= 0;
            indices.push(inside ? (channel * input.height + y) * input.width + x : -1);
          }
        }
      }
    }
  }
  return Int32Array.from(indices);
}

/** `patches[i] = block[indices[i]]`, zero in the padding. */
export function gatherPatches(patches: Matrix, block: Float64Array, indices: Int32Array): void {
  for (let i = 0; i < indices.length; i += 1) {
    const index = indices[i] ?? -1;
    patches.data[i] = index < 0 ? 0 : at(block, index);
  }
}

/** `block[indices[i]] += patches[i]`, the padding left out. */
export function scatterPatches(block: Float64Array, patches: Matrix, indices: Int32Array): void {
  for (let i = 0; i < indices.length; i += 1) {
    const index = indices[i] ?? -1;
    if (index >= 0) addTo(block, index, at(patches.data, i));
  }
}
