const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ENOENT: 'it is no longer there',
  ELOOP: 'the link leads back to itself',
  ENAMETOOLONG: 'its path is too long',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports a read error',
  EISDIR: 'it is a folder',
};

/** Node's error code of a failed file operation, or null for any other thrown value. */
export function systemCode(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}

/** Why a file or folder could not be read, in plain words. */
export function readProblem(thrown: unknown, file: string): string {
  const code = systemCode(thrown);
  if (code === 'ENOENT' && file.includes('\ufffd')) return 'its name is not valid Unicode; rename it';
  if (code !== null) return REASONS[code] ?? `it cannot be read (${code})`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
