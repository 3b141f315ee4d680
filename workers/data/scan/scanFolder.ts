import { join, resolve } from 'node:path';
import type { TableUse } from '#core/contract/dataPlan.ts';
import type { InputVote } from '#core/contract/inputVote.ts';
import type { SubfolderReading, TableColumns } from '#core/document/dataSettings.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import type { DigestTable } from '../images/digestTable.ts';
import { findDuplicates } from './duplicates.ts';
import type { ImageList } from '../images/imageList.ts';
import { pathKind, pathWords } from '../format/fileKinds.ts';
import { hasImageExtension } from '../format/fileNames.ts';
import { chooseLayout, type Layout } from './chooseLayout.ts';
import { mergeLookalikes } from '../walk/mergeLookalikes.ts';
import { createPace, throwIfAborted, type Pace } from '../../threads/pace.ts';
import { refuseParts } from '../parts/refuseParts.ts';
import { createProbe } from '../images/probeFile.ts';
import { probeAll } from '../images/probeAll.ts';
import { collectWarnings } from './scanWarnings.ts';
import { namedCode, systemCode } from '../../files/systemErrors.ts';
import { voteInput } from './voteInput.ts';
import { walkFolder, type FolderWalk, type SkippedFile } from '../walk/walkFolder.ts';

/** The images and classes of a folder for training; nothing is decoded yet. */
export interface FolderScan {
  /** Real path of the chosen folder. */
  readonly root: string;
  /** Path of the table that provides the classes; null where the subfolders are the classes. */
  readonly labels: string | null;
  /** How that table was interpreted. */
  readonly table: TableUse | null;
  /** Folders or labels with at least one image, ordered by name (code points): class i of the network. */
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** Ordered by class, then by relative name. */
  readonly images: ImageList;
  readonly skipped: readonly SkippedFile[];
  readonly warnings: readonly Message[];
  /** The network input that the images suggest; null without an image. */
  readonly input: InputVote | null;
  /** Groups of images with the same bytes, as indices into `images`. */
  readonly duplicates: readonly (readonly number[])[];
  /** Digests of the bytes of each image, in the order of `images`. */
  readonly digests: DigestTable;
}

export interface ScanOptions {
  /** The table of labels to use; without one, a table in the folder is searched for, see `chooseLayout`. */
  readonly labels?: string | null;
  /** Columns of that table; without them they are detected, see `findColumns`. */
  readonly columns?: TableColumns;
  /** `classes`: subfolders are classes even where they look like the parts of a set. */
  readonly subfolders?: SubfolderReading;
  readonly signal?: AbortSignal;
  /** `total` is null while files are still being listed. */
  readonly onProgress?: (done: number, total: number | null) => void;
}

/**
 * Scans a folder with one subfolder for each class, nested folders included, or a folder of images with a table of
 * their labels, without decoding and without writing anything. Damaged, oversized and unreadable images are listed in
 * `skipped`. Throws `AppError` `folder-not-found`, `folder-not-readable`, `folder-no-images`, `folder-in-parts`,
 * `labels-invalid`, `labels-column`, and `interrupted` when the signal is aborted.
 */
export async function scanFolder(path: string, options: ScanOptions = {}): Promise<FolderScan> {
  throwIfAborted(options.signal);
  const pace = createPace(options.signal, options.onProgress);
  const layout = layoutOf(await openWalk(resolve(path), pace), path, options);
  const { walk, warnings: lookWarnings } = mergeLookalikes(layout.walk);
  const found = await probeAll(walk, pace);
  if (layout.refusal !== null && (found.images.length === 0 || isNeeded(layout.refusal, found.classes)))
    throw layout.refusal;
  if (found.images.length === 0) throw noImages(path, await strayImages(walk), found.skipped);
  const duplicates = await findDuplicates(found.digests, (index) =>
    join(walk.root, found.images.fileOf(index)),
  );
  const { classes, images, unusedBands } = found;
  const warnings = [
    ...layout.warnings,
    ...lookWarnings,
    ...collectWarnings({ walk, classes, images, duplicates, unusedBands }),
  ];
  options.onProgress?.(found.done, found.done);
  return {
    root: walk.root,
    labels: layout.table?.path ?? null,
    table: layout.table,
    classes,
    images,
    skipped: found.skipped,
    warnings,
    input: voteInput(images),
    duplicates,
    digests: found.digests,
  };
}

function layoutOf(walk: FolderWalk, path: string, options: ScanOptions): Layout {
  const { labels = null, columns = { fileColumn: null, labelColumn: null }, subfolders } = options;
  const layout = chooseLayout(walk, { chosen: resolve(path), labels, columns });
  if (layout.table === null && layout.refusal === null && subfolders !== 'classes') refuseParts(walk);
  return layout;
}

/** A table that names files of this folder, but not their classes, is an error where there are no other classes. */
function isNeeded({ code }: AppError, classes: readonly unknown[]): boolean {
  return code === 'labels-column' && classes.length < 2;
}

async function openWalk(path: string, pace: Pace): Promise<FolderWalk> {
  try {
    return await walkFolder(path, pace);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw folderError(path, thrown);
  }
}

function folderError(path: string, cause: unknown): AppError {
  const code = systemCode(cause);
  const options = { where: path, cause };
  if (code === 'ENOTDIR') {
    const what = pathWords(pathKind(path) ?? 'file');
    return new AppError('folder-not-found', message('folders.notAFolder', { path, what }), options);
  }
  if (code === 'ENOENT' || code === 'ELOOP')
    return new AppError('folder-not-found', message('folders.missing', { path }), options);
  const said = message('folders.unreadable', { path, code: namedCode(cause) });
  return new AppError('folder-not-readable', said, options);
}

/** True where a file directly in the folder is an image, or claims to be one. */
async function strayImages({ root, stray }: FolderWalk): Promise<boolean> {
  if (stray.some(hasImageExtension)) return true;
  const probe = createProbe();
  for (const file of stray) if ((await probe(join(root, file), file)).kind !== 'other') return true;
  return false;
}

function noImages(path: string, hasStray: boolean, skipped: readonly SkippedFile[]): AppError {
  return new AppError('folder-no-images', whyNoImages(path, hasStray, skipped), { where: path });
}

function whyNoImages(path: string, hasStray: boolean, skipped: readonly SkippedFile[]): Message {
  const layout = message('folders.layout');
  if (hasStray) return message('folders.imagesWithoutClass', { path, layout });
  const [first] = skipped;
  if (first !== undefined)
    return message('folders.noUsable', { path, count: skipped.length, ...first, layout });
  const isRun = pathKind(path) === 'run';
  return message(isRun ? 'folders.runHasNone' : 'folders.none', { path, layout });
}
