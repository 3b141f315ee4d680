/** Limits of an HDF5 file, beyond what its own size justifies. Real models have some hundred groups. */
export const HDF5_LIMITS = {
  bytes: 2 ** 32,
  /** Groups and tensors. */
  objects: 50_000,
  depth: 64,
  rank: 8,
  /** Attributes of one object. */
  attributes: 10_000,
  /** Texts in one attribute. */
  texts: 100_000,
  /** How many times more bytes compressed tensors may have than the file. */
  ratio: 32,
  /** Bytes of WebAssembly memory after everything was read. */
  memory: 256 * 2 ** 20,
} as const;
