const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

/** The float32 with the upper 16 bits `half`: exact, subnormals, infinities and NaN included. */
export function fromBfloat16(half: number): number {
  bits[0] = half << 16;
  return value[0] ?? 0;
}

/**
 * The value of an IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. Exact in float32, subnormals, infinities
 * and NaN included.
 */
export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  bits[0] = ((half & 0x8000) << 16) | ((exponent + 112) << 23) | (fraction << 13);
  return value[0] ?? 0;
}

/**
 * The float32 nearest to a 64-bit integer, ties to even. A conversion through float64 would round twice; here the bits
 * that float64 cannot hold become one sticky bit, far below the last bit of float32.
 */
export function fromInt64(integer: bigint): number {
  const size = integer < 0n ? -integer : integer;
  if (size < 2n ** 53n) return Math.fround(Number(integer));
  const kept = ((size >> 11n) | (size & 0x7ffn ? 1n : 0n)) << 11n;
  return Math.fround(Number(integer < 0n ? -kept : kept));
}
