import { unlink } from 'node:fs/promises';
import { placeFile, realTarget, refuseTaken } from './atomicFile.ts';
import { temporaryName } from './temporaryFiles.ts';

/**
 * Calls `write` to make a file under a temporary name, and renames it to its final name on success: a file that fails
 * or is cancelled leaves nothing. `write` gets both names; in the second, links are resolved. Only with `overwrite`
 * does the new file replace another, even one that is created meanwhile. Throws what `write` and `placeFile` throw.
 */
export async function writeInPlace<R>(
  file: string,
  overwrite: boolean,
  write: (temporary: string, target: string) => Promise<R>,
): Promise<R> {
  await refuseTaken(file, overwrite);
  const target = await realTarget(file);
  const temporary = temporaryName(target);
  try {
    const result = await write(temporary, target);
    await placeFile(temporary, target, overwrite);
    return result;
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}
