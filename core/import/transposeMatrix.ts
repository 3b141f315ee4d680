/** The transpose of a matrix `[rows, columns]` in C order, as a new array. */
export function transposeMatrix(
  values: Float32Array,
  rows: number,
  columns: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1)
      result[column * rows + row] = values[row * columns + column] ?? NaN;
  }
  return result;
}
