import { fromBase64 } from '../../data/augment/fromBase64.ts';

/** Float32 values with their shape, decoded. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Smallest and largest finite value; 0 and 0 without any. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** Decodes a tensor of the lab: float32, little endian, in base64. */
export function readTensor({ shape, values }: { shape: readonly number[]; values: string }): Tensor {
  const bytes = fromBase64(values);
  const view = new DataView(bytes.buffer);
  const count = bytes.byteLength / 4;
  return { shape, values: Float32Array.from({ length: count }, (_, at) => view.getFloat32(at * 4, true)) };
}

/** The range of the finite values. */
export function rangeOf(values: Float32Array): ValueRange {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? { min: 0, max: 0 } : { min, max };
}

/** One plane `[height, width]` of a tensor whose last two dimensions are height and width. */
export function planeOf({ shape, values }: Tensor, plane: number): Tensor {
  const [height = 1, width = 1] = shape.slice(-2);
  const size = height * width;
  return { shape: [height, width], values: values.subarray(plane * size, (plane + 1) * size) };
}

/** Height and width of a plane. */
export function sizeOf({ shape }: Tensor): { readonly height: number; readonly width: number } {
  const [height = 1, width = 1] = shape.slice(-2);
  return { height, width };
}
