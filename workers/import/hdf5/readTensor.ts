import { ELEMENT_BYTES, readElements } from '#core/import/elements.ts';
import { brokenFile } from '#core/import/fileFault.ts';
import type { ForeignDtype } from '#core/import/foreignModel.ts';
import { elementCount } from '#core/program/shape.ts';
import { message } from '#core/words/message.ts';
import type { OpenFile } from './openFile.ts';

/** Bytes that are read at once: WebAssembly memory grows by that much and is not given back. */
const PIECE = 4 * 2 ** 20;

/**
 * The elements of the tensor at `path` in C order, piece by piece along its first dimension. Its dims and type were
 * checked when the file was opened.
 */
export function readTensor(
  file: OpenFile,
  path: string,
  dims: readonly number[],
  dtype: ForeignDtype,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(elementCount(dims));
  if (values.length === 0) return values;
  const [rows = 1, ...rest] = dims;
  const perRow = elementCount(rest);
  const atOnce = Math.max(1, Math.min(rows, Math.floor(PIECE / (perRow * ELEMENT_BYTES[dtype]))));
  for (let row = 0; row < rows; row += atOnce) {
    const count = Math.min(atOnce, rows - row);
    const part = dims.length === 0 ? null : { start: row, dims: [count, ...rest] };
    readPart(file, path, part, { dtype, into: values, at: row * perRow, count: count * perRow });
  }
  return values;
}

interface Target {
  readonly dtype: ForeignDtype;
  readonly into: Float32Array<ArrayBuffer>;
  readonly at: number;
  readonly count: number;
}

/** Reads rows from `start` on; null: a scalar. */
function readPart(
  { module, id }: OpenFile,
  path: string,
  part: { readonly start: number; readonly dims: readonly number[] } | null,
  { dtype, into, at, count }: Target,
): void {
  const bytes = count * ELEMENT_BYTES[dtype];
  const pointer = module._malloc(bytes);
  if (pointer === 0) throw brokenFile(message('kerasFiles.hdf5Broken'));
  try {
    const counts = part?.dims.map(BigInt) ?? null;
    const starts = part?.dims.map((_, axis) => (axis === 0 ? BigInt(part.start) : 0n)) ?? null;
    const steps = part?.dims.map(() => 1n) ?? null;
    const status = module.get_dataset_data(id, path, counts, starts, steps, BigInt(pointer));
    if (status < 0) throw brokenFile(message('kerasFiles.hdf5Tensor', { path }));
    // libhdf5 has converted to little-endian.
    const raw = module.HEAPU8.slice(pointer, pointer + bytes);
    into.set(readElements(new Uint8Array(raw.buffer), dtype, { dims: [count], strides: [1], offset: 0 }), at);
  } finally {
    module._free(pointer);
  }
}
