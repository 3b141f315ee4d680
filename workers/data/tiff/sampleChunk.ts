import { endianness } from 'node:os';
import type { TiffLayout } from './tiffLayout.ts';

/** Samples of a strip or tile in native byte order. */
export type Samples =
  Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** Layout of a decompressed strip or tile: rows of `width` pixels with `step` samples each. */
interface Rows {
  readonly width: number;
  readonly step: number;
}

/**
 * Undoes the predictor (TIFF 6.0, section 14, and Adobe's technical note 3 for floats) and returns the samples;
 * modifies `bytes`.
 */
export function samplesOf(bytes: Buffer, layout: TiffLayout, rows: Rows): Samples {
  const { predictor, bits, isLittleEndian } = layout;
  if (predictor === 3) return typed(floatRows(bytes, bits / 8, rows), layout);
  const isForeign = isLittleEndian !== (endianness() === 'LE');
  if (isForeign && bits === 16) bytes.swap16();
  if (isForeign && bits === 32) bytes.swap32();
  if (isForeign && bits === 64) bytes.swap64();
  const samples = typed(bytes, layout);
  if (predictor === 2) addUp(samples, rows);
  return samples;
}

/** Each sample is stored as the difference from its left neighbour; sums wrap as the typed array does. */
function addUp(samples: Samples, { width, step }: Rows): void {
  const row = width * step;
  for (let start = 0; start < samples.length; start += row) {
    for (let at = start + step; at < start + row; at++)
      samples[at] = (samples[at] ?? 0) + (samples[at - step] ?? 0);
  }
}

/**
 * Rows of floats are stored as byte planes, the most significant first, as differences; returns them in native byte
 * order.
 */
function floatRows(bytes: Buffer, size: number, { width, step }: Rows): Buffer {
  const row = width * step;
  const out = Buffer.alloc(bytes.length);
  const isLittle = endianness() === 'LE';
  for (let start = 0; start < bytes.length; start += row * size) {
    for (let at = start + step; at < start + row * size; at++)
      bytes[at] = (bytes[at] ?? 0) + (bytes[at - step] ?? 0);
    for (let plane = 0; plane < size; plane++) {
      const place = isLittle ? size - 1 - plane : plane;
      for (let at = 0; at < row; at++) out[start + at * size + place] = bytes[start + plane * row + at] ?? 0;
    }
  }
  return out;
}

function typed(bytes: Buffer, { bits, type }: TiffLayout): Samples {
  const count = (bytes.length * 8) / bits;
  // The bytes of a small buffer lie in a pool, possibly at an offset that is not aligned for larger numbers.
  const own = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const at = [own.buffer, own.byteOffset, count] as const;
  if (type === 'float') return bits === 64 ? new Float64Array(...at) : new Float32Array(...at);
  if (bits === 8) return type === 'signed' ? new Int8Array(...at) : new Uint8Array(...at);
  if (bits === 16) return type === 'signed' ? new Int16Array(...at) : new Uint16Array(...at);
  return type === 'signed' ? new Int32Array(...at) : new Uint32Array(...at);
}
