import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import type { ModelFile } from '#core/import/foreignModel.ts';
import { message } from '#core/words/message.ts';
import { errnoOf } from '../files/atomicFile.ts';

/** Largest file that is read, in bytes. VGG-16 has 0.6 GB; a file is held in memory while it is read. */
const MOST_BYTES = 4 * 1024 ** 3;
/** Bytes of one read: a thread can be ended between two of them. */
const PIECE = 4 * 1024 ** 2;

/**
 * Reads a model file into memory. The files beside it are read when a reader asks for them. Throws `AppError`:
 * 'model-invalid' for a file that is not there or is a folder, and for one of more than 4 GiB. `onFile` is called with
 * the name of each file that is read, this one first.
 */
export function openModelFile(file: string, onFile: (name: string) => void = () => undefined): ModelFile {
  const full = path.resolve(file);
  const folder = path.dirname(full);
  onFile(path.basename(full));
  return {
    name: path.basename(full),
    bytes: readWhole(full),
    beside: (name) => {
      const bytes = isPlain(name) ? readIfThere(path.join(folder, name)) : null;
      if (bytes !== null) onFile(name);
      return bytes;
    },
    names: () => readdirSync(folder),
  };
}

/** A name inside a model file must not lead to another folder. */
function isPlain(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

function readIfThere(file: string): Uint8Array<ArrayBuffer> | null {
  try {
    return readWhole(file);
  } catch (error) {
    if (error instanceof AppError && errnoOf(error.cause) === 'ENOENT') return null;
    throw error;
  }
}

function readWhole(file: string): Uint8Array<ArrayBuffer> {
  const handle = opened(file);
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) throw notReadable(file, null);
    if (stats.size > MOST_BYTES)
      throw new AppError(
        'model-invalid',
        message('importing.tooLarge', { file, found: stats.size, most: MOST_BYTES }),
        { where: file },
      );
    return fill(handle, new Uint8Array(stats.size));
  } finally {
    closeSync(handle);
  }
}

/** A file that becomes shorter meanwhile is returned as it is then. */
function fill(handle: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let at = 0;
  while (at < bytes.length) {
    const read = readSync(handle, bytes, at, Math.min(PIECE, bytes.length - at), at);
    if (read === 0) return bytes.slice(0, at);
    at += read;
  }
  return bytes;
}

function opened(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw notReadable(file, error);
  }
}

function notReadable(file: string, cause: unknown): AppError {
  const isGone = errnoOf(cause) === 'ENOENT';
  return new AppError(
    'model-invalid',
    message(isGone ? 'importing.notFound' : 'importing.notAFile', { file }),
    {
      where: file,
      cause,
    },
  );
}
