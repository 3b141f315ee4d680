import { open, unlink } from 'node:fs/promises';
import { csvLine, type CsvCell } from '#core/csv/csv.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { alreadyThere, errnoOf, toOutputError } from '../files/atomicFile.ts';
import type { Prediction, Unpredicted } from '../inference/predictRun.ts';
import { refuseTakenUnlessFormer } from './formerFile.ts';

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

/** Throws as `refuseTakenUnlessFormer` for a table of predictions. */
export function refuseTakenPrediction(path: string, overwrite: boolean): Promise<void> {
  return refuseTakenUnlessFormer(path, overwrite, {
    noun: message('files.aPredictionTable'),
    headBytes: BEGINNING.length,
    isOwn: (head) => Buffer.from(head).toString('utf8') === BEGINNING,
  });
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
