import { readFile, stat } from 'node:fs/promises';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { decodePixels } from './decodePixels.ts';
import type { DecodeTarget } from '../pixels/target.ts';
import { UnreadableImage } from '../format/unreadableImage.ts';
import { viewBytes } from '../format/fileView.ts';
import { originalName } from '../format/fileNames.ts';
import { fileKind } from '../format/imageFormat.ts';
import { withAdvice } from '../../files/imageReasons.ts';
import { judgeContent } from '../headers/judgeContent.ts';
import { fileSizeProblem } from '../format/limits.ts';
import { readProblem } from '../../files/systemErrors.ts';

/**
 * Decodes one file exactly as training does: `[height, width, channels]` bytes. Throws `AppError('image-unreadable')`.
 */
export async function decodeImage(path: string, target: DecodeTarget): Promise<Uint8Array> {
  return withImageBytes(path, (bytes) => decodePixels(bytes, target));
}

/** Reads an image file and passes its bytes on; every failure becomes an `AppError('image-unreadable')`. */
export async function withImageBytes<T>(path: string, use: (bytes: Buffer) => Promise<T>): Promise<T> {
  return namingImage(path, async () => use(await readImageFile(path)));
}

/** As `withImageBytes`, for the bytes of a file that was not read from the disk; `name` stands for its path. */
export async function withGivenBytes<T>(
  name: string,
  bytes: Buffer,
  use: (bytes: Buffer) => Promise<T>,
): Promise<T> {
  return namingImage(name, async () => use(await checkImage(name, bytes)));
}

async function namingImage<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    const reason = thrown instanceof UnreadableImage ? thrown.reason : readProblem(thrown, path);
    throw unusableImage(path, reason, thrown);
  }
}

/** The error for an image that is not used. */
export function unusableImage(path: string, reason: Message, cause?: unknown): AppError {
  const said = message('images.unusable', { path, reason: withAdvice(reason) });
  return new AppError('image-unreadable', said, { where: path, cause });
}

/**
 * Checks the file before reading it: reading a named pipe would never end, and a huge file is refused without reading
 * it. A backup file that the user names explicitly is judged by the name of its original.
 */
async function readImageFile(path: string): Promise<Buffer> {
  const stats = await stat(path);
  if (!stats.isFile()) throw new UnreadableImage(message('images.notAFile'));
  const problem = fileSizeProblem(stats.size);
  if (problem !== null) throw new UnreadableImage(problem);
  return checkImage(path, await readFile(path));
}

async function checkImage(path: string, bytes: Buffer): Promise<Buffer> {
  const kind = fileKind(bytes, originalName(path) ?? path);
  if (kind.kind === 'unsupported') throw new UnreadableImage(kind.reason);
  if (kind.kind === 'other') return bytes;
  const judged = await judgeContent(kind.format, viewBytes(bytes));
  if (judged.kind === 'bad') throw new UnreadableImage(judged.reason);
  return bytes;
}
