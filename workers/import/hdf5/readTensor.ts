import { brokenFile } from '#core/import/fileFault.ts';
import { elementCount } from '#core/program/shape.ts';
import { message } from '#core/words/message.ts';
import { decodeElements, type ElementType } from './elements.ts';
import type { OpenFile } from './openFile.ts';

/** Bytes that are read at once: WebAssembly memory grows by that much and is not given back. */
const PIECE = 16 * 2 ** 20;

/**
 * The elements of the tensor at `path` in C order, piece by piece along its first dimension. Its dims and type were
 * checked when the file was opened.
 */
export function readTensor(
  file: OpenFile,
  path: string,
  dims: readonly number[],
  type: ElementType,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(elementCount(dims));
  if (values.length === 0) return values;
  const [rows = 1, ...rest] = dims;
  const perRow = elementCount(rest);
  const atOnce = Math.max(1, Math.min(rows, Math.floor(PIECE / (perRow * type.bytes))));
  for (let row = 0; row < rows; row += atOnce) {
    const count = Math.min(atOnce, rows - row);
    const part = dims.length === 0 ? null : { start: row, dims: [count, ...rest] };
    readPart(file, path, part, { type, into: values, at: row * perRow, count: count * perRow });
  }
  return values;
}

interface Target {
  readonly type: ElementType;
  readonly into: Float32Array<ArrayBuffer>;
  readonly at: number;
  readonly count: number;
}

/** Reads rows from `start` on; null: a scalar. */
function readPart(
  { module, id }: OpenFile,
  path: string,
  part: { readonly start: number; readonly dims: readonly number[] } | null,
  { type, into, at, count }: Target,
): void {
  const bytes = count * type.bytes;
  const pointer = module._malloc(bytes);
  if (pointer === 0) throw brokenFile(message('kerasFiles.hdf5Broken'));
  try {
    const counts = part?.dims.map(BigInt) ?? null;
    const starts = part?.dims.map((_, axis) => (axis === 0 ? BigInt(part.start) : 0n)) ?? null;
    const steps = part?.dims.map(() => 1n) ?? null;
    const status = module.get_dataset_data(id, path, counts, starts, steps, BigInt(pointer));
    if (status < 0) throw brokenFile(message('kerasFiles.hdf5Tensor', { path }));
    const heap = module.HEAPU8;
    decodeElements(type, new DataView(heap.buffer, heap.byteOffset + pointer, bytes), count, into, at);
  } finally {
    module._free(pointer);
  }
}
