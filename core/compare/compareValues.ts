/** How far the elements of two tensors of the same shape are apart. */
export interface ValueDifference {
  readonly elements: number;
  /** Elements whose float32 bits differ: 0 and −0 do, two equal NaN do not. */
  readonly differing: number;
  /** Largest |a − b| over the elements that are finite in both. */
  readonly absolute: number;
  /** `absolute` over the largest finite magnitude of both tensors; 0 where `absolute` is 0. */
  readonly relative: number;
  /** Differing elements that are NaN or infinite on at least one side. */
  readonly notFinite: number;
  /** Elements of each side that are NaN or infinite. */
  readonly notFiniteA: number;
  readonly notFiniteB: number;
}

/** Compares two tensors of the same number of elements. Differences are computed in float64. */
export function compareValues(a: Float32Array, b: Float32Array): ValueDifference {
  const bitsA = new Uint32Array(a.buffer, a.byteOffset, a.length);
  const bitsB = new Uint32Array(b.buffer, b.byteOffset, b.length);
  let differing = 0;
  let notFinite = 0;
  let absolute = 0;
  for (let at = 0; at < a.length; at += 1) {
    if (bitsA[at] === bitsB[at]) continue;
    differing += 1;
    const distance = Math.abs((a[at] ?? 0) - (b[at] ?? 0));
    if (!Number.isFinite(distance)) notFinite += 1;
    else if (distance > absolute) absolute = distance;
  }
  const rangeA = rangeOf(a);
  const rangeB = rangeOf(b);
  const relative = absolute === 0 ? 0 : absolute / Math.max(rangeA.largest, rangeB.largest);
  return {
    ...{ elements: a.length, differing, absolute, relative, notFinite },
    ...{ notFiniteA: rangeA.notFinite, notFiniteB: rangeB.notFinite },
  };
}

/** The largest finite magnitude, and the number of elements that are NaN or infinite. */
function rangeOf(values: Float32Array): { readonly largest: number; readonly notFinite: number } {
  let largest = 0;
  let notFinite = 0;
  for (const value of values) {
    const magnitude = Math.abs(value);
    if (!Number.isFinite(magnitude)) notFinite += 1;
    else if (magnitude > largest) largest = magnitude;
  }
  return { largest, notFinite };
}
