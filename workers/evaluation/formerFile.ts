import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { refuseTaken, toOutputError } from '../files/atomicFile.ts';

/** A kind of file that an earlier evaluation or prediction wrote. */
export interface FormerKind {
  /** The name of the kind in messages. */
  readonly noun: Message;
  /** Number of bytes at the start of the file that `isOwn` needs. */
  readonly headBytes: number;
  isOwn(head: Uint8Array): boolean;
}

/**
 * Refuses a name that is taken: 'output-exists' without `overwrite`; with it 'output-foreign' for a link and for a file
 * that is not of the kind. An empty file counts as one of it.
 */
export async function refuseTakenUnlessFormer(
  path: string,
  overwrite: boolean,
  { noun, headBytes, isOwn }: FormerKind,
): Promise<void> {
  await refuseTaken(path, overwrite);
  if (!overwrite) return;
  const stat = await lstat(path).catch(() => null);
  if (stat === null) return;
  if (!stat.isFile()) throw foreign(path, message('files.noPlainFile', { path }));
  if (stat.size === 0 || isOwn(await readStart(path, headBytes))) return;
  throw foreign(path, message('files.foreign', { path, kind: noun }));
}

async function readStart(path: string, length: number): Promise<Uint8Array> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw toOutputError(error, path);
  }
}

function foreign(path: string, why: Message): AppError {
  return new AppError('output-foreign', why, { where: path });
}
