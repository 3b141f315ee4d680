import type { ValueRanges } from '#core/document/preprocessing.ts';

/** Bytes; 16 bits without sign; or numbers without a full scale (with sign, of 32 bits, floating point). */
export const DEPTHS = ['byte', 'unsigned16', 'number'] as const;
export type Depth = (typeof DEPTHS)[number];

/** What a value of a sample becomes, 0 to 255. */
export type ToByte = (value: number) => number;

/**
 * Brings samples to bytes: 16 bits by their high byte, or by the range that was taken from the training images, rounded
 * and clipped. Null for numbers without a range: nobody can tell which of them is white.
 */
export function toByteOf(depth: Depth, ranges: ValueRanges | undefined): ToByte | null {
  if (depth === 'byte') return (value) => value;
  const range = ranges?.[depth];
  if (range !== undefined) return fromRange(...range);
  return depth === 'unsigned16' ? (value) => value >> 8 : null;
}

/** A value that is no number becomes black. */
function fromRange(low: number, high: number): ToByte {
  const scale = 255 / (high - low);
  return (value) => (value > low ? Math.min(255, Math.round((value - low) * scale)) : 0);
}
