import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { PAIR_TABLES, pairTables } from '#core/evaluation/pairTables.ts';
import { pairReport, pairReportImages } from '#core/evaluation/report/pairReport.ts';
import { encodeUtf8 } from '#core/export/utf8.ts';
import type { Language } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { realTarget, writeFileAtomic } from '../files/atomicFile.ts';
import { refuseTakenFolder, writeFiles, writeFolderInPlace } from '../files/folderInPlace.ts';
import { NORMLAB_VERSION } from '../files/version.ts';
import { thumbnailJpeg } from '../evaluation/thumbnailJpeg.ts';
import { createPace } from '../threads/pace.ts';
import type { OpenedPair } from './openPair.ts';

/** Longer side of the images in a report, enough for screens with two pixels per point. */
const SIDE = 300;
/** The record beside the tables. */
const RECORD = 'pair.json';

/**
 * Writes the report of a comparison as one HTML file with images in it; those that can no longer be read are left out.
 * Throws `AppError`: 'interrupted', and those of `writeFileAtomic`.
 */
export async function writePairReport(
  file: string,
  pair: OpenedPair,
  options: { readonly language: Language; readonly overwrite: boolean; readonly signal?: AbortSignal },
): Promise<void> {
  const pace = createPace(options.signal);
  const thumbnails = new Map<number, string>();
  for (const image of pairReportImages(pair)) {
    await pace.settle();
    const from = path.join(pair.record.first.images.folder, pair.files[image] ?? '');
    const bytes = await thumbnailJpeg(from, SIDE).catch(() => null);
    if (bytes !== null) thumbnails.set(image, `data:image/jpeg;base64,${bytes.toString('base64')}`);
  }
  const { language, overwrite } = options;
  const made = { version: NORMLAB_VERSION, time: new Date().toISOString() };
  await writeFileAtomic(file, pairReport(pair, { language, thumbnails, ...made }), { overwrite });
}

/**
 * Writes every table of a comparison as CSV, and its record as JSON, into a new folder. With `overwrite` it replaces a
 * folder of such tables. Throws as `writeFolderInPlace`.
 */
export function writePairTables(folder: string, pair: OpenedPair, overwrite: boolean): Promise<void> {
  return writeFolderInPlace(folder, { overwrite, ownEntries: ownPairTables }, async (temporary) => {
    const tables = [...pairTables(pair)].map(([name, text]) => [name, encodeUtf8(text)] as const);
    const record = encodeUtf8(`${JSON.stringify(pair.record)}\n`);
    await writeFiles(temporary, new Map<string, Uint8Array>([...tables, [RECORD, record]]));
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
