/** What is compared of an image: 64 bits of its coarse structure, and a small picture to verify them. */
export interface ImagePrint {
  /** The bits of the perceptual hash, 32 each. */
  readonly low: number;
  readonly high: number;
  /** `[16, 16, C]` in 0 to 255. */
  readonly small: Uint8Array;
}

/** Side of the picture that the hash is computed from, and of the coefficients that it takes. */
const SIDE = 32;
const KEPT = 8;
/** Side of the small picture. */
export const SMALL_SIDE = SIDE / 2;

/**
 * Returns a function that computes the print of an image from its bytes `[height, width, channels]`. The hash is pHash:
 * the image in grey on 32 x 32 pixels, its two-dimensional DCT-II, and for each of the 8 x 8 lowest frequencies but the
 * constant one whether it is above their median (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash
 * Functions", section 3.2.1).
 */
export function openImagePrints(
  height: number,
  width: number,
  channels: number,
): (pixels: Uint8Array) => ImagePrint {
  const rows = boxWeights(height);
  const columns = boxWeights(width);
  return (pixels) => {
    const shrunk = shrink(pixels, { rows, columns, width, channels });
    const { low, high } = hashOf(greyOf(shrunk, channels));
    return { low, high, small: halved(shrunk, channels) };
  };
}

/** For each of the 32 cells, which of `size` lines it covers, with weights that sum to 1. */
interface Cell {
  readonly first: number;
  readonly weights: readonly number[];
}

function boxWeights(size: number): readonly Cell[] {
  const scale = size / SIDE;
  return Array.from({ length: SIDE }, (_, cell) => {
    const [begin, end] = [cell * scale, (cell + 1) * scale];
    const first = Math.min(size - 1, Math.floor(begin));
    const last = Math.min(size - 1, Math.max(first, Math.ceil(end - 1e-9) - 1));
    const weights = Array.from({ length: last - first + 1 }, (_, at) => {
      const line = first + at;
      return (Math.min(end, line + 1) - Math.max(begin, line)) / scale;
    });
    return { first, weights };
  });
}

interface Shrinking {
  readonly rows: readonly Cell[];
  readonly columns: readonly Cell[];
  readonly width: number;
  readonly channels: number;
}

/** Means over the cells, `[32, 32, C]`. */
function shrink(pixels: Uint8Array, { rows, columns, width, channels }: Shrinking): Float64Array {
  const shrunk = new Float64Array(SIDE * SIDE * channels);
  const line = new Float64Array(width * channels);
  rows.forEach((row, y) => {
    line.fill(0);
    row.weights.forEach((weight, at) => {
      const from = (row.first + at) * line.length;
      for (let x = 0; x < line.length; x += 1) line[x] = (line[x] ?? 0) + weight * (pixels[from + x] ?? 0);
    });
    columns.forEach((column, x) => {
      for (let c = 0; c < channels; c += 1) {
        let sum = 0;
        for (let at = 0; at < column.weights.length; at += 1)
          sum += (column.weights[at] ?? 0) * (line[(column.first + at) * channels + c] ?? 0);
        shrunk[(y * SIDE + x) * channels + c] = sum;
      }
    });
  });
  return shrunk;
}

/** Luma of ITU-R BT.601, `[32, 32]`. */
function greyOf(shrunk: Float64Array, channels: number): Float64Array {
  if (channels === 1) return shrunk;
  return Float64Array.from(
    { length: SIDE * SIDE },
    (_, at) =>
      0.299 * (shrunk[at * channels] ?? 0) +
      0.587 * (shrunk[at * channels + 1] ?? 0) +
      0.114 * (shrunk[at * channels + 2] ?? 0),
  );
}

/** Rows of the DCT-II that are kept, `[8, 32]`. */
const COSINES = Float64Array.from({ length: KEPT * SIDE }, (_, at) =>
  Math.cos((Math.PI * Math.floor(at / SIDE) * (2 * (at % SIDE) + 1)) / (2 * SIDE)),
);

function hashOf(grey: Float64Array): Pick<ImagePrint, 'low' | 'high'> {
  const rows = new Float64Array(KEPT * SIDE);
  for (let u = 0; u < KEPT; u += 1)
    for (let y = 0; y < SIDE; y += 1) {
      let sum = 0;
      for (let x = 0; x < SIDE; x += 1) sum += (COSINES[u * SIDE + x] ?? 0) * (grey[y * SIDE + x] ?? 0);
      rows[u * SIDE + y] = sum;
    }
  const found = new Float64Array(KEPT * KEPT);
  for (let v = 0; v < KEPT; v += 1)
    for (let u = 0; u < KEPT; u += 1) {
      let sum = 0;
      for (let y = 0; y < SIDE; y += 1) sum += (COSINES[v * SIDE + y] ?? 0) * (rows[u * SIDE + y] ?? 0);
      // Rounding must not decide the bits of frequencies that an image does not have.
      found[v * KEPT + u] = Math.abs(sum) < 1e-6 ? 0 : sum;
    }
  const sorted = found.slice(1).sort();
  const median = sorted[(sorted.length - 1) / 2] ?? 0;
  const bits = (from: number): number =>
    Array.from({ length: 32 }, (_, at) => from + at)
      .filter((at) => at > 0 && (found[at] ?? 0) > median)
      .reduce((word, at) => word | (1 << (at - from)), 0) >>> 0;
  return { low: bits(0), high: bits(32) };
}

/** Means of 2 x 2 pixels, `[16, 16, C]`. */
function halved(shrunk: Float64Array, channels: number): Uint8Array {
  const small = new Uint8Array(SMALL_SIDE * SMALL_SIDE * channels);
  const row = SIDE * channels;
  for (let at = 0; at < small.length; at += 1) {
    const [cell, c] = [Math.floor(at / channels), at % channels];
    const from = 2 * Math.floor(cell / SMALL_SIDE) * row + 2 * (cell % SMALL_SIDE) * channels + c;
    const above = (shrunk[from] ?? 0) + (shrunk[from + channels] ?? 0);
    const below = (shrunk[from + row] ?? 0) + (shrunk[from + row + channels] ?? 0);
    small[at] = Math.round((above + below) / 4);
  }
  return small;
}

/** Standard deviation, in levels, below which a small picture shows nothing that could be correlated. */
const FLAT = 2;

/**
 * Correlation of two small pictures of the same length: Pearson's, over all pixels and channels. Of two flat pictures
 * 1 where their means differ by at most 2 levels, else 0; of a flat one and another 0.
 */
export function correlationOf(a: Uint8Array, b: Uint8Array): number {
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  const n = a.length;
  for (let at = 0; at < n; at += 1) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0];
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const [meanA, meanB] = [sumA / n, sumB / n];
  const [varianceA, varianceB] = [sumAA / n - meanA * meanA, sumBB / n - meanB * meanB];
  const least = FLAT * FLAT;
  if (varianceA < least && varianceB < least) return Math.abs(meanA - meanB) <= FLAT ? 1 : 0;
  if (varianceA < least || varianceB < least) return 0;
  return (sumAB / n - meanA * meanB) / Math.sqrt(varianceA * varianceB);
}
