/** Why the addon threw: the names of `ErrorCode` in `src/base/status.h`. */
const NATIVE_ERROR_CODES = [
  // A program, an array or an argument that does not fit.
  'invalid',
  // oneDNN does not support the instruction.
  'unsupported',
  // `mebibytes`: the working memory that could not be allocated.
  'out-of-memory',
  // A batch whose statistics are not finite: the step has ended and stored nothing.
  'statistics-not-finite',
  // oneDNN reported an error when running a primitive.
  'library-failed',
  'internal',
] as const;
type NativeErrorCode = (typeof NATIVE_ERROR_CODES)[number];

/** The code of an error thrown by the addon; null for anything else. */
export function nativeErrorCode(thrown: unknown): NativeErrorCode | null {
  if (!(thrown instanceof Error) || !('code' in thrown)) return null;
  return NATIVE_ERROR_CODES.find((code) => code === thrown.code) ?? null;
}

/** The working memory that could not be allocated, in MiB; null for an error of another kind. */
export function missingMebibytes(thrown: unknown): number | null {
  if (nativeErrorCode(thrown) !== 'out-of-memory') return null;
  return thrown instanceof Error && 'mebibytes' in thrown && typeof thrown.mebibytes === 'number'
    ? thrown.mebibytes
    : null;
}
