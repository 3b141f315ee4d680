import { unlink } from 'node:fs/promises';
import { placeFile, realTarget, refuseTaken } from './atomicFile.ts';
import { temporaryName } from './temporaryFiles.ts';

/**
 * Lets `write` make a file under a temporary name, and gives it its own name when that has succeeded: a file that fails
 * or is cancelled leaves nothing. `write` gets both names; links that `file` goes through are followed in the second.
 * Only with `overwrite` does the new file take the place of another, also of one that appears meanwhile. Throws what
 * `write` throws, and as `placeFile` does.
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
