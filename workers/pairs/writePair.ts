import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { PAIR_TABLES, pairTables } from '#core/evaluation/pairTables.ts';
import { pairReport, pairReportImages } from '#core/evaluation/report/pairReport.ts';
import type { Language } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { realTarget, writeFileAtomic } from '../files/atomicFile.ts';
import { refuseTakenFolder, writeFolderInPlace, writeTexts } from '../files/folderInPlace.ts';
import { NORMLAB_VERSION } from '../files/version.ts';
import { thumbnailJpeg } from '../evaluation/thumbnailJpeg.ts';
import { createPace } from '../threads/pace.ts';
import type { ThreadTask } from '../threads/threadTasks.ts';
import type { OpenedPair } from './openPair.ts';

/** Longer side of the images in a report, enough for screens with two pixels per point. */
const SIDE = 300;
/** The record beside the tables. */
const RECORD = 'pair.json';

interface PairFile extends Partial<ThreadTask> {
  readonly overwrite: boolean;
}

/**
 * Writes the report of a comparison as one HTML file with images in it; those that can no longer be read are left out.
 * Throws `AppError`: 'interrupted', and those of `writeFileAtomic`.
 */
export async function writePairReport(
  file: string,
  pair: OpenedPair,
  { language, overwrite, ...task }: PairFile & { readonly language: Language },
): Promise<void> {
  const pace = createPace(task.signal, undefined, message('files.writingStopped'));
  const thumbnails = new Map<number, string>();
  const images = pairReportImages(pair);
  for (const [at, image] of images.entries()) {
    task.onProgress?.(message('work.writing'), at, images.length);
    await pace.settle();
    const from = path.join(pair.record.first.images.folder, pair.files[image] ?? '');
    const bytes = await thumbnailJpeg(from, SIDE).catch(() => null);
    if (bytes !== null) thumbnails.set(image, `data:image/jpeg;base64,${bytes.toString('base64')}`);
  }
  await pace.settle();
  const made = { version: NORMLAB_VERSION, time: new Date().toISOString() };
  const html = pairReport(pair, { language, thumbnails, ...made });
  await pace.settle();
  await writeFileAtomic(file, html, { overwrite, beforePlace: task.commit });
}

/**
 * Writes every table of a comparison as CSV, and its record as JSON, into a new folder. With `overwrite` it replaces a
 * folder of such tables. Throws as `writeFolderInPlace`, and 'interrupted'.
 */
export function writePairTables(
  folder: string,
  pair: OpenedPair,
  { overwrite, ...task }: PairFile,
): Promise<void> {
  const pace = createPace(task.signal, undefined, message('files.writingStopped'));
  const place = { overwrite, ownEntries: ownPairTables, beforePlace: task.commit };
  return writeFolderInPlace(folder, place, async (temporary) => {
    task.onProgress?.(message('work.writing'), 0, null);
    const texts = new Map<string, Iterable<string>>(pairTables(pair));
    texts.set(RECORD, [JSON.stringify(pair.record), '\n']);
    await writeTexts(temporary, texts, () => pace.tick(0, null));
  });
}

/** Refuses a folder in which `writePairTables` would be refused. */
export async function refusePairTables(folder: string, overwrite: boolean): Promise<void> {
  await refuseTakenFolder(await realTarget(folder), { overwrite, ownEntries: ownPairTables });
}

/** The files of a folder of such tables. Throws `AppError('output-foreign')` for a folder with other files. */
export async function ownPairTables(folder: string): Promise<readonly string[]> {
  const names = (await lstat(folder)).isDirectory() ? await readdir(folder) : [];
  const own = new Set<string>([...PAIR_TABLES, RECORD]);
  const foreign = names.filter((name) => !own.has(name)).sort();
  if (foreign.length === 0) return names;
  const said = message('files.foreignInBundle', { path: folder, names: foreign.slice(0, 5) });
  throw new AppError('output-foreign', said, { where: folder });
}
