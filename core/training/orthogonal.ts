import type { RandomStream } from './random.ts';

/**
 * A row that keeps less than this share of its length after orthogonalization has lost too many digits and is
 * orthogonalized again.
 */
const SHARE_KEPT = 0.1;
/** Below this length, the rest of a row after orthogonalization is rounding noise, and the row is drawn again. */
const LEAST_LENGTH = 1e-6;

/** More operations would take seconds, and minutes for the largest layers. */
const MOST_OPERATIONS = 1e9;
/**
 * Number of columns that are mixed at a time, and number of rounds: in four rounds a column can reach 32^4 others,
 * about a million.
 */
const GROUP = 32;
const ROUNDS = 4;

/**
 * A random matrix `[rows, columns]` in row-major order with orthonormal rows (or columns, if there are fewer),
 * uniformly distributed over all such matrices. A matrix of normal numbers is orthonormalized by the modified
 * Gram-Schmidt process with positive lengths (Mezzadri 2007, "How to generate random matrices from the classical
 * compact groups", section 5). Takes `2 * min(rows, columns)^2 * max(rows, columns)` operations; where those are too
 * many, returns a matrix of `drawMixed`.
 */
export function drawOrthogonal(rows: number, columns: number, random: RandomStream): Float64Array {
  if (rows > columns) return transpose(drawOrthogonal(columns, rows, random), columns, rows);
  if (2 * rows * rows * columns > MOST_OPERATIONS) return drawMixed(rows, columns, random);
  const matrix = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    while (!drawRow(matrix, row, columns, random));
  }
  return matrix;
}

/**
 * A random matrix `[rows, columns]` with orthonormal rows, `rows <= columns`, in `256 * rows * columns` operations. It
 * starts from unit vectors along the axes and in four rounds shuffles the columns and rotates groups of 32 by small
 * matrices of `drawOrthogonal`. The rows are as orthonormal as those of `drawOrthogonal`, each spreads over all
 * columns, and its direction is random, but the matrices are not uniformly distributed.
 */
export function drawMixed(rows: number, columns: number, random: RandomStream): Float64Array {
  const matrix = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1) matrix[row * columns + row] = 1;
  for (let round = 0; round < ROUNDS; round += 1) mixColumns(matrix, columns, random);
  return matrix;
}

function mixColumns(matrix: Float64Array, columns: number, random: RandomStream): void {
  const order = shuffled(columns, random);
  const shuffledRow = new Float64Array(columns);
  const starts = Array.from({ length: Math.ceil(columns / GROUP) }, (_, group) => group * GROUP);
  const turns = starts.map((start) => {
    const size = Math.min(GROUP, columns - start);
    return { start, size, turn: drawOrthogonal(size, size, random) };
  });
  for (let begin = 0; begin < matrix.length; begin += columns) {
    for (let i = 0; i < columns; i += 1) shuffledRow[i] = matrix[begin + (order[i] ?? 0)] ?? 0;
    for (const { start, size, turn } of turns)
      multiply(turn, shuffledRow.subarray(start, start + size), matrix, begin + start);
  }
}

/** Writes the product of a square matrix and `vector` into `into`, starting at `at`. */
function multiply(square: Float64Array, vector: Float64Array, into: Float64Array, at: number): void {
  const size = vector.length;
  for (let row = 0; row < size; row += 1) {
    let sum = 0;
    for (let i = 0; i < size; i += 1) sum += (square[row * size + i] ?? 0) * (vector[i] ?? 0);
    into[at + row] = sum;
  }
}

function shuffled(length: number, random: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last -= 1) {
    const pick = random.below(last + 1);
    [order[last], order[pick]] = [order[pick] ?? 0, order[last] ?? 0];
  }
  return order;
}

/**
 * Fills one row with a unit vector orthogonal to all rows before it; false when the draw was too close to their span.
 */
function drawRow(matrix: Float64Array, row: number, columns: number, random: RandomStream): boolean {
  const own = matrix.subarray(row * columns, (row + 1) * columns);
  for (let i = 0; i < columns; i += 1) own[i] = random.normal();
  const drawn = lengthOf(own);
  straighten(own, matrix, row, columns);
  const length = lengthOf(own);
  if (length <= LEAST_LENGTH) return false;
  // Rounding leaves components along the rows before it, which are large relative to so short a row; a second pass
  // removes them.
  if (length < SHARE_KEPT * drawn) straighten(own, matrix, row, columns);
  const final = lengthOf(own);
  for (let i = 0; i < columns; i += 1) own[i] = (own[i] ?? 0) / final;
  return true;
}

/** Subtracts from `own` its components along the first `rows` rows. */
function straighten(own: Float64Array, matrix: Float64Array, rows: number, columns: number): void {
  for (let before = 0; before < rows; before += 1) {
    const other = matrix.subarray(before * columns, (before + 1) * columns);
    addScaled(own, -dot(own, other), other);
  }
}

function lengthOf(row: Float64Array): number {
  return Math.sqrt(dot(row, row));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function addScaled(into: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < into.length; i += 1) into[i] = (into[i] ?? 0) + factor * (from[i] ?? 0);
}

function transpose(matrix: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: matrix.length }, (_, index) => {
    const [row, column] = [index % rows, Math.floor(index / rows)];
    return matrix[row * columns + column] ?? 0;
  });
}
