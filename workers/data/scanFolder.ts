import { join, resolve } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import type { DigestTable } from './digestTable.ts';
import { findDuplicates } from './duplicates.ts';
import type { ImageList } from './imageList.ts';
import { hasPictureExtension } from './imageFormat.ts';
import { chooseLayout } from './labels/chooseLayout.ts';
import { describePath } from './fileKinds.ts';
import { createPace, throwIfAborted, type Pace } from './pace.ts';
import { probeAll } from './probeAll.ts';
import { collectWarnings } from './scanWarnings.ts';
import { systemCode } from './systemErrors.ts';
import { walkFolder, type FolderWalk, type SkippedFile } from './walkFolder.ts';

export type { ImageList, ScannedImage } from './imageList.ts';

/** What a folder holds for training; nothing is decoded yet. */
export interface FolderScan {
  /** Real path of the chosen folder. */
  readonly root: string;
  /** Path of the table that gives the classes; null where the subfolders are the classes. */
  readonly labels: string | null;
  /** Folders or labels with at least one picture, ordered by name (code points): class i of the network. */
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** Ordered by class, then by relative name. */
  readonly images: ImageList;
  readonly skipped: readonly SkippedFile[];
  readonly warnings: readonly string[];
  /** Most common upright size and channel count. */
  readonly typical: { height: number; width: number; channels: number } | null;
  /** Groups of pictures with the same bytes, as indices into `images`. */
  readonly duplicates: readonly (readonly number[])[];
  /** Of the bytes of each picture, in the order of `images`. */
  readonly digests: DigestTable;
}

export interface ScanOptions {
  /** A table of labels to go by; without one a table in the folder is found, see `chooseLayout`. */
  readonly labels?: string | null;
  readonly signal?: AbortSignal;
  /** `total` is null while files are still being listed. */
  readonly onProgress?: (done: number, total: number | null) => void;
}

/**
 * Scans a folder with one subfolder for each class, nested folders included, or a folder of pictures with a table of their labels,
 * without decoding and without writing anything. Damaged, oversized and unreadable pictures are listed in `skipped`. Throws
 * `AppError` `folder-not-found`, `folder-not-readable`, `folder-no-images`, `labels-invalid`, and `interrupted` when the signal is
 * aborted.
 */
export async function scanFolder(path: string, options: ScanOptions = {}): Promise<FolderScan> {
  throwIfAborted(options.signal);
  const pace = createPace(options.signal, options.onProgress);
  const layout = chooseLayout(await openWalk(resolve(path), pace), options.labels ?? null);
  const { walk, labels } = layout;
  const found = await probeAll(walk, pace);
  if (found.images.length === 0) throw noImages(path, walk, found.skipped);
  const duplicates = await findDuplicates(found.digests, (index) =>
    join(walk.root, found.images.fileOf(index)),
  );
  const { classes, images } = found;
  const warnings = [...layout.warnings, ...collectWarnings({ walk, classes, images, duplicates })];
  options.onProgress?.(found.done, found.done);
  return {
    root: walk.root,
    labels,
    classes,
    images,
    skipped: found.skipped,
    warnings,
    typical: typicalSize(images),
    duplicates,
    digests: found.digests,
  };
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
    return new AppError(
      'folder-not-found',
      `“${path}” is ${describePath(path) ?? 'a file'}; choose the folder that holds the images.`,
      options,
    );
  }
  if (code === 'ENOENT' || code === 'ELOOP') {
    return new AppError('folder-not-found', `There is no folder “${path}”; check the path.`, options);
  }
  const message = `The folder “${path}” cannot be read (${code ?? 'unknown error'}); check its permissions.`;
  return new AppError('folder-not-readable', message, options);
}

function noImages(path: string, walk: FolderWalk, skipped: readonly SkippedFile[]): AppError {
  const layout =
    'choose a folder that holds one subfolder of images for each class, such as cats/1.jpg and dogs/2.jpg, or put a table of labels (labels.csv with the columns file and label) beside the images.';
  const first = skipped[0];
  const options = { where: path };
  if (walk.stray.some(hasPictureExtension)) {
    const message = `The images in “${path}” lie directly in the folder, so they have no class; ${layout}`;
    return new AppError('folder-no-images', message, options);
  }
  if (first !== undefined) {
    const more = skipped.length === 1 ? '1 file was' : `${skipped.length} files were`;
    const message = `“${path}” holds no usable image: ${more} left out (${first.file}: ${first.reason}); ${layout}`;
    return new AppError('folder-no-images', message, options);
  }
  const isRun = describePath(path) === 'the folder of a run';
  const what = isRun ? 'is the folder of a run and holds no images' : 'holds no images';
  return new AppError('folder-no-images', `“${path}” ${what}; ${layout}`, options);
}

function typicalSize(images: ImageList): FolderScan['typical'] {
  const counts = new Map<string, { count: number; size: NonNullable<FolderScan['typical']> }>();
  for (const { height, width, channels } of images) {
    const key = `${height}x${width}x${channels}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { count: 1, size: { height, width, channels } });
    else entry.count++;
  }
  const [best] = [...counts.values()].sort((a, b) => b.count - a.count);
  return best?.size ?? null;
}
