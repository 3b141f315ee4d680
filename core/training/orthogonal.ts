import type { RandomStream } from './random.ts';

/** Below this length what is left of a row beside the rows before it is rounding noise: the row is drawn again. */
const LEAST_LENGTH = 1e-6;

/**
 * A random matrix `[rows, columns]`, row by row, whose rows (or columns, where there are fewer of them) are orthonormal: every
 * such matrix is as likely as any other. A matrix of normal numbers, made orthonormal by the modified Gram-Schmidt process with
 * lengths above 0 (Mezzadri 2007, "How to generate random matrices from the classical compact groups", section 5). Takes
 * `2 * min(rows, columns)^2 * max(rows, columns)` operations.
 */
export function drawOrthogonal(rows: number, columns: number, random: RandomStream): Float64Array {
  if (rows > columns) return transpose(drawOrthogonal(columns, rows, random), columns, rows);
  const matrix = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    while (!drawRow(matrix, row, columns, random));
  }
  return matrix;
}

/** Fills one row with a unit vector at right angles to all rows before it; false when the draw was too close to them. */
function drawRow(matrix: Float64Array, row: number, columns: number, random: RandomStream): boolean {
  const own = matrix.subarray(row * columns, (row + 1) * columns);
  for (let i = 0; i < columns; i += 1) own[i] = random.normal();
  for (let before = 0; before < row; before += 1) {
    const other = matrix.subarray(before * columns, (before + 1) * columns);
    addScaled(own, -dot(own, other), other);
  }
  const length = Math.sqrt(dot(own, own));
  for (let i = 0; i < columns; i += 1) own[i] = (own[i] ?? 0) / length;
  return length > LEAST_LENGTH;
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
