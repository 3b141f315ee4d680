import { constants } from 'node:fs';
import { lstat, open, unlink } from 'node:fs/promises';
import { csvLine, type CsvCell } from '#core/csv/csv.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message, type Message } from '#core/words/message.ts';
import { alreadyThere, errnoOf, refuseTaken, toOutputError } from '../files/atomicFile.ts';
import type { Prediction, Unpredicted } from '../inference/predictRun.ts';

/** A CSV file that grows by a line for each image: what is there already can be read at any time. */
export interface PredictionFile {
  add(each: Prediction | Unpredicted): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates the file with its header: `file`, class and probability of the first `top` classes, the most probable first,
 * and `error` for images that could not be read. With `overwrite` the file takes the place of one with the same
 * beginning or of an empty one. Throws `AppError`: 'output-exists', 'output-foreign' for any other file,
 * 'output-not-writable', 'disk-full', 'io'.
 */
export async function createPredictionFile(
  path: string,
  { top, overwrite }: { readonly top: number; readonly overwrite: boolean },
): Promise<PredictionFile> {
  if (overwrite) await removeFormer(path);
  const handle = await open(path, 'wx').catch((error: unknown) => {
    throw errnoOf(error) === 'EEXIST' ? alreadyThere(path) : toOutputError(error, path);
  });
  const write = async (cells: readonly CsvCell[]): Promise<void> => {
    await handle.appendFile(`${csvLine(cells)}\r\n`).catch((error: unknown) => {
      throw toOutputError(error, path);
    });
  };
  const places = Array.from({ length: top }, (_, at) => (at === 0 ? '' : `_${at + 1}`));
  await write(['file', ...places.flatMap((place) => [`class${place}`, `probability${place}`]), 'error']);
  return {
    add: (each) => write([each.file, ...classCells(each, top), 'error' in each ? inEnglish(each.error) : '']),
    close: () => handle.close(),
  };
}

function classCells(each: Prediction | Unpredicted, top: number): CsvCell[] {
  const found = 'error' in each ? [] : each.top;
  return Array.from({ length: top }, (_, at) => found[at]).flatMap((one) => [
    one?.class ?? null,
    one?.probability ?? null,
  ]);
}

/** The beginning of every such file. */
const BEGINNING = 'file,class,probability';

/**
 * Refuses a name that is taken: 'output-exists' without `overwrite`; with it 'output-foreign' for a link and for a file
 * that this module has not written. An empty file counts as written by it.
 */
export async function refuseTakenPrediction(path: string, overwrite: boolean): Promise<void> {
  await refuseTaken(path, overwrite);
  if (!overwrite) return;
  const stat = await lstat(path).catch(() => null);
  if (stat === null) return;
  if (!stat.isFile()) throw foreign(path, message('files.noPlainFile', { path }));
  if (stat.size === 0 || (await readStart(path)) === BEGINNING) return;
  throw foreign(path, message('files.foreign', { path, kind: message('files.aPredictionTable') }));
}

/**
 * Removes a former file. It is not written over, so that work which was cancelled and still goes on does not write into
 * the new one, and that no link is followed.
 */
async function removeFormer(path: string): Promise<void> {
  await refuseTakenPrediction(path, true);
  await unlink(path).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw toOutputError(error, path);
  });
}

async function readStart(path: string): Promise<string> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const length = BEGINNING.length;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    throw toOutputError(error, path);
  }
}

function foreign(path: string, why: Message): AppError {
  return new AppError('output-foreign', why, { where: path });
}
