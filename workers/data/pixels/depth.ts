import type { ValueRanges } from '#core/document/preprocessing.ts';

/** Bytes; unsigned 16 bits; or numbers without a full scale (signed, 32 bits, floating point). */
export const DEPTHS = ['byte', 'unsigned16', 'number'] as const;
export type Depth = (typeof DEPTHS)[number];

/** Maps a sample value to 0 to 255. */
export type ToByte = (value: number) => number;

/**
 * Converts samples to bytes: 16 bits by their high byte, or by the range measured on the training images, rounded and
 * clipped. Null for numbers without a range, whose white level is unknown.
 */
export function toByteOf(depth: Depth, ranges: ValueRanges | undefined): ToByte | null {
  if (depth === 'byte') return (value) => value;
  const range = ranges?.[depth];
  if (range !== undefined) return fromRange(...range);
  return depth === 'unsigned16' ? (value) => value >> 8 : null;
}

/** NaN becomes black. */
function fromRange(low: number, high: number): ToByte {
  const scale = 255 / (high - low);
  return (value) => (value > low ? Math.min(255, Math.round((value - low) * scale)) : 0);
}
