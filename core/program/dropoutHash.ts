/**
 * Counter-based random bits for dropout: a pure function of (step key, salt, element), so the mask does not depend on
 * threads, backend or batch layout, and a resumed run draws the same mask. The mixer is lowbias32 (Chris Wellons,
 * "Prospecting for hash functions", 2018): `x ^= x>>16; x *= 0x7feb352d; x ^= x>>15; x *= 0x846ca68b; x ^= x>>16`.
 */
export function mix32(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Key of one dropout block at one step, both unsigned 32-bit. */
export function dropoutKey(stepKey: number, salt: number): number {
  return mix32(mix32(stepKey) ^ mix32(salt ^ 0x9e3779b9));
}

/** Unsigned 32-bit hash of element `index` (batch and C, H, W order; taken modulo 2^32). */
export function dropoutHash(key: number, index: number): number {
  return mix32(key ^ mix32((index >>> 0) + 0x85ebca6b));
}

/** Elements whose hash is below this are dropped: `rate * 2^32`, rounded down. */
export function dropoutThreshold(rate: number): number {
  return Math.floor(rate * 0x1_0000_0000);
}
