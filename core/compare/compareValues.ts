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

/** Told about each piece of compared elements. A promise is awaited before the next piece, and may end the work. */
export type Meter = (elements: number) => Promise<void> | undefined;

/** Elements of one piece: about a millisecond of work. */
const PIECE = 256 * 1024;

/**
 * Compares two tensors of the same number of elements, piece by piece. Differences are computed in float64. Rejects as
 * `onPiece` does.
 */
export async function compareValues(
  a: Float32Array,
  b: Float32Array,
  onPiece: Meter = () => undefined,
): Promise<ValueDifference> {
  const sums: Sums = { differing: 0, notFinite: 0, absolute: 0, largest: 0, notFiniteA: 0, notFiniteB: 0 };
  for (let from = 0; from < a.length; from += PIECE) {
    addPiece(sums, a.subarray(from, from + PIECE), b.subarray(from, from + PIECE));
    await onPiece(Math.min(PIECE, a.length - from));
  }
  const { largest, ...counts } = sums;
  const relative = sums.absolute === 0 ? 0 : sums.absolute / largest;
  return { elements: a.length, ...counts, relative };
}

/** The figures of the pieces so far; `largest` is the largest finite magnitude of both tensors. */
interface Sums extends Mutable<Omit<ValueDifference, 'elements' | 'relative'>> {
  largest: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function addPiece(sums: Sums, a: Float32Array, b: Float32Array): void {
  const bitsA = new Uint32Array(a.buffer, a.byteOffset, a.length);
  const bitsB = new Uint32Array(b.buffer, b.byteOffset, b.length);
  let { differing, notFinite, absolute } = sums;
  for (let at = 0; at < a.length; at += 1) {
    if (bitsA[at] === bitsB[at]) continue;
    differing += 1;
    const distance = Math.abs((a[at] ?? 0) - (b[at] ?? 0));
    if (!Number.isFinite(distance)) notFinite += 1;
    else if (distance > absolute) absolute = distance;
  }
  const [rangeA, rangeB] = [rangeOf(a), rangeOf(b)];
  Object.assign(sums, { differing, notFinite, absolute });
  sums.largest = Math.max(sums.largest, rangeA.largest, rangeB.largest);
  sums.notFiniteA += rangeA.notFinite;
  sums.notFiniteB += rangeB.notFinite;
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
