import { at } from './values.ts';

/** A dense matrix, row by row. */
export interface Matrix {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** Rows `row, row + 1, …` of `matrix`, `count` of them, as a matrix over the same memory. */
export function rowsOf(matrix: Matrix, row: number, count: number): Matrix {
  const { data, columns } = matrix;
  return { data: data.subarray(row * columns, (row + count) * columns), rows: count, columns };
}

/** `dst += a * b`; dst [R, W], a [R, T], b [T, W]. */
export function addProduct(dst: Matrix, a: Matrix, b: Matrix): void {
  for (let row = 0; row < dst.rows; row += 1) addCombination(dst, row, a.data, row * a.columns, 1, b);
}

/** `dst += a^T * b`; dst [R, W], a [T, R], b [T, W]. */
export function addProductOfTransposed(dst: Matrix, a: Matrix, b: Matrix): void {
  for (let row = 0; row < dst.rows; row += 1) addCombination(dst, row, a.data, row, a.columns, b);
}

/** `dst += a * b^T`; dst [R, S], a [R, W], b [S, W]. */
export function addProductWithTransposed(dst: Matrix, a: Matrix, b: Matrix): void {
  for (let row = 0; row < dst.rows; row += 1) {
    for (let column = 0; column < dst.columns; column += 4) addFourDots(dst, a, b, row, column);
  }
}

/**
 * `dst[row] += sum_t factors[first + t * step] * b[t]`, four rows of b per pass: one row per pass would take twice the
 * time, because dst is loaded and stored in each pass.
 */
function addCombination(
  dst: Matrix,
  row: number,
  factors: Float64Array,
  first: number,
  step: number,
  b: Matrix,
): void {
  const width = dst.columns;
  const [into, values, start] = [dst.data, b.data, row * width];
  const factor = (term: number): number => (term < b.rows ? at(factors, first + term * step) : 0);
  const rowStart = (term: number): number => Math.min(term, b.rows - 1) * width;
  for (let term = 0; term < b.rows; term += 4) {
    const [f0, f1, f2, f3] = [factor(term), factor(term + 1), factor(term + 2), factor(term + 3)];
    const [s0, s1, s2, s3] = [rowStart(term), rowStart(term + 1), rowStart(term + 2), rowStart(term + 3)];
    for (let i = 0; i < width; i += 1) {
      const pair = f0 * at(values, s0 + i) + f1 * at(values, s1 + i);
      into[start + i] = at(into, start + i) + pair + f2 * at(values, s2 + i) + f3 * at(values, s3 + i);
    }
  }
}

/** `dst[row][column + k] += a[row] . b[column + k]` for k = 0 to 3, as far as there are columns. */
function addFourDots(dst: Matrix, a: Matrix, b: Matrix, row: number, column: number): void {
  const width = a.columns;
  const [left, right, startA] = [a.data, b.data, row * width];
  const rowStart = (k: number): number => Math.min(column + k, b.rows - 1) * width;
  const [s0, s1, s2, s3] = [rowStart(0), rowStart(1), rowStart(2), rowStart(3)];
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let i = 0; i < width; i += 1) {
    const value = at(left, startA + i);
    sum0 += value * at(right, s0 + i);
    sum1 += value * at(right, s1 + i);
    sum2 += value * at(right, s2 + i);
    sum3 += value * at(right, s3 + i);
  }
  const sums = [sum0, sum1, sum2, sum3];
  const start = row * dst.columns + column;
  for (let k = 0; k < Math.min(4, dst.columns - column); k += 1) {
    dst.data[start + k] = at(dst.data, start + k) + (sums[k] ?? NaN);
  }
}
