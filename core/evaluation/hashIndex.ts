/** Finds hashes of 64 bits by their Hamming distance. */
export interface HashIndex {
  /** Calls `each` with every hash that differs in at most `MOST_BITS` bits, once, and its distance. */
  near(low: number, high: number, each: (index: number, distance: number) => void): void;
}

/**
 * Of 8 bytes at least one is equal where at most 7 bits differ, so only the hashes that share a byte are compared
 * (multi-index hashing: Norouzi, Punjani and Fleet 2012).
 */
export const MOST_BITS = 7;
const BYTES = 8;

/** An index of `[count]` hashes: 40 bytes for each. */
export function openHashIndex(low: Uint32Array, high: Uint32Array): HashIndex {
  const byteOf = (index: number, byte: number): number =>
    (((byte < 4 ? low : high)[index] ?? 0) >>> (8 * (byte % 4))) & 255;
  const buckets = Array.from({ length: BYTES }, (_, byte) => bucketsOf(low.length, (at) => byteOf(at, byte)));
  return {
    near: (wantedLow, wantedHigh, each) => {
      for (let byte = 0; byte < BYTES; byte += 1) {
        const value = ((byte < 4 ? wantedLow : wantedHigh) >>> (8 * (byte % 4))) & 255;
        const { starts, members } = buckets[byte] ?? NO_BUCKETS;
        const end = starts[value + 1] ?? 0;
        for (let at = starts[value] ?? 0; at < end; at += 1) {
          const index = members[at] ?? 0;
          const [differLow, differHigh] = [
            ((low[index] ?? 0) ^ wantedLow) >>> 0,
            ((high[index] ?? 0) ^ wantedHigh) >>> 0,
          ];
          const distance = bitsOf(differLow) + bitsOf(differHigh);
          // A hash with several equal bytes is met in several buckets, and reported from the first.
          if (distance <= MOST_BITS && firstEqualByte(differLow, differHigh) === byte) each(index, distance);
        }
      }
    },
  };
}

interface Buckets {
  /** Where the members of each byte value begin. */
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
}
const NO_BUCKETS: Buckets = { starts: new Uint32Array(257), members: new Uint32Array(0) };

function bucketsOf(count: number, byteAt: (index: number) => number): Buckets {
  const starts = new Uint32Array(257);
  for (let index = 0; index < count; index += 1) {
    const next = byteAt(index) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let value = 1; value < starts.length; value += 1)
    starts[value] = (starts[value] ?? 0) + (starts[value - 1] ?? 0);
  const filled = starts.slice(0, 256);
  const members = new Uint32Array(count);
  for (let index = 0; index < count; index += 1) {
    const value = byteAt(index);
    const at = filled[value] ?? 0;
    members[at] = index;
    filled[value] = at + 1;
  }
  return { starts, members };
}

function firstEqualByte(low: number, high: number): number {
  for (let byte = 0; byte < BYTES; byte += 1)
    if ((((byte < 4 ? low : high) >>> (8 * (byte % 4))) & 255) === 0) return byte;
  return BYTES;
}

/** Number of ones among 32 bits. */
function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
