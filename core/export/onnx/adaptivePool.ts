import { must } from '../../diagnostics/invariantError.ts';
import type { AdaptiveAveragePoolForward } from '../../program/imageInstructions.ts';
import { int, ints } from './graphBuilder.ts';
import type { OpContext } from './opContext.ts';

/**
 * Adaptive average pooling, which ONNX has not. To 1 x 1: GlobalAveragePool. Where the sizes divide: AveragePool.
 * Otherwise `rows [P, H] * src [N, C, H, W] * columns [W, Q]` by two MatMuls with constant matrices of means.
 */
export function lowerAdaptivePool(pool: AdaptiveAveragePoolForward, context: OpContext): void {
  const { node, src, dst } = pool;
  const { builder, nameOf, dimsOf } = context;
  const from = { y: must(dimsOf(src)[1], 'height'), x: must(dimsOf(src)[2], 'width') };
  const to = { y: must(dimsOf(dst)[1], 'height'), x: must(dimsOf(dst)[2], 'width') };
  if (to.y === 1 && to.x === 1) {
    builder.node(node, 'GlobalAveragePool', [nameOf(src)], nameOf(dst));
    return;
  }
  if (from.y % to.y === 0 && from.x % to.x === 0) {
    const window = ints(from.y / to.y, from.x / to.x);
    const attributes = { kernel_shape: window, strides: window, count_include_pad: int(0) };
    builder.node(node, 'AveragePool', [nameOf(src)], nameOf(dst), attributes);
    return;
  }
  const means = builder.constant(
    `${node}.columns`,
    [from.x, to.x],
    transposed(meansOf(from.x, to.x), from.x),
  );
  const along = builder.node(`${node}.x`, 'MatMul', [nameOf(src), means], `${node}.x.out`);
  const rowMeans = builder.constant(`${node}.rows`, [to.y, from.y], meansOf(from.y, to.y));
  builder.node(node, 'MatMul', [rowMeans, along], nameOf(dst));
}

/** `[outputs, inputs]`: row i has the weight 1/m at each of the m inputs of output i. */
function meansOf(inputs: number, outputs: number): Float32Array {
  const matrix = new Float32Array(outputs * inputs);
  for (let i = 0; i < outputs; i += 1) {
    const first = Math.floor((i * inputs) / outputs);
    const end = Math.ceil(((i + 1) * inputs) / outputs);
    matrix.fill(1 / (end - first), i * inputs + first, i * inputs + end);
  }
  return matrix;
}

/** The transpose of a matrix with rows of `columns` values. */
function transposed(matrix: Float32Array, columns: number): Float32Array {
  const rows = matrix.length / columns;
  return matrix.map((_, index) => matrix[(index % rows) * columns + Math.floor(index / rows)] ?? NaN);
}
