type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** Returns an array with the same numbers and room for `length`: itself, or one at least twice as long. */
export function growTo<T extends Column>(array: T, length: number): T {
  if (length <= array.length) return array;
  const grown = new (array.constructor as new (length: number) => T)(Math.max(length, array.length * 2));
  grown.set(array);
  return grown;
}
