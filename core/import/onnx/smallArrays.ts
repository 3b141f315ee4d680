import { elementCount } from '../../program/shape.ts';
import type { SmallElement } from './values.ts';

/** A constant with few elements, in C order. */
export interface SmallArray {
  readonly dims: readonly number[];
  readonly elements: readonly SmallElement[];
}

/** The elements with these indices along `axis`; null where one does not exist. */
export function takeAlong(from: SmallArray, axis: number, indices: readonly number[]): SmallArray | null {
  const size = from.dims[axis];
  if (size === undefined || indices.some((index) => !Number.isInteger(index) || index < 0 || index >= size))
    return null;
  const inner = elementCount(from.dims.slice(axis + 1));
  const outer = elementCount(from.dims.slice(0, axis));
  const elements: SmallElement[] = [];
  for (let block = 0; block < outer; block += 1)
    for (const index of indices) {
      const start = (block * size + index) * inner;
      elements.push(...from.elements.slice(start, start + inner));
    }
  return { dims: from.dims.map((dim, at) => (at === axis ? indices.length : dim)), elements };
}

/** All arrays one after the other along `axis`; null where their other dims differ. */
export function joinAlong(arrays: readonly SmallArray[], axis: number): SmallArray | null {
  const [first] = arrays;
  if (first === undefined || axis < 0 || axis >= first.dims.length) return null;
  const others = ({ dims }: SmallArray): string => dims.map((dim, at) => (at === axis ? '' : dim)).join();
  if (arrays.some((array) => others(array) !== others(first))) return null;
  const outer = elementCount(first.dims.slice(0, axis));
  const elements: SmallElement[] = [];
  for (let block = 0; block < outer; block += 1)
    for (const array of arrays) {
      const size = array.elements.length / outer;
      elements.push(...array.elements.slice(block * size, (block + 1) * size));
    }
  const along = arrays.reduce((sum, { dims }) => sum + (dims[axis] ?? 0), 0);
  return { dims: first.dims.map((dim, at) => (at === axis ? along : dim)), elements };
}

/** Dimension i of the result is dimension `perm[i]` of `from`. */
export function permuteSmall({ dims, elements }: SmallArray, perm: readonly number[]): SmallArray {
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  const permuted = perm.map((axis) => dims[axis] ?? 1);
  const steps = permuted.map((_, axis) => elementCount(permuted.slice(axis + 1)));
  const sourceOf = (index: number): number =>
    perm.reduce((sum, axis, at) => {
      const place = Math.floor(index / (steps[at] ?? 1)) % (permuted[at] ?? 1);
      return sum + place * (strides[axis] ?? 0);
    }, 0);
  return { dims: permuted, elements: elements.map((_, index) => elements[sourceOf(index)] ?? 0) };
}

/** The indices of a slice, as Python's `range(size)[start:end:step]`; empty for a step of 0 or a fraction. */
export function sliceIndices(size: number, start: number, end: number, step: number): readonly number[] {
  const indices: number[] = [];
  if (step === 0 || !Number.isInteger(step)) return indices;
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const place = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + size : bound, low), high);
  const last = place(end);
  for (let index = place(start); step > 0 ? index < last : index > last; index += step) indices.push(index);
  return indices;
}
