/** Returns element `index`; NaN outside the array, so that a wrong index is visible in every result. */
export function at(values: Float64Array, index: number): number {
  return values[index] ?? NaN;
}

/** `values[index] += amount`. */
export function addTo(values: Float64Array, index: number, amount: number): void {
  values[index] = at(values, index) + amount;
}

/** `dst[i] += factor * src[i]` over all elements. */
export function addScaled(dst: Float64Array, factor: number, src: Float64Array): void {
  for (let i = 0; i < dst.length; i += 1) dst[i] = at(dst, i) + factor * at(src, i);
}

/** Sum of `count` elements from `start`. */
export function sumOf(values: Float64Array, start: number, count: number): number {
  let sum = 0;
  for (let i = start; i < start + count; i += 1) sum += at(values, i);
  return sum;
}
