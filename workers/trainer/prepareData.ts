import { availableParallelism } from 'node:os';
import type { Preprocessing } from '#core/contract/preprocessing.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { fingerprint } from '../data/fingerprint.ts';
import { openImageSet, type ImageSet } from '../data/openImageSet.ts';
import { applyEdits } from '../data/applyEdits.ts';
import { changesSince } from '../data/changesSince.ts';
import { sharedImagesWarning } from '../data/scanWarnings.ts';
import { findShared } from '../data/duplicates.ts';
import { scanFolder, type FolderScan } from '../data/scanFolder.ts';
import { splitFold, splitImages, type ImageSplit } from '../data/splitImages.ts';
import type { Fold, ImageEdits } from '#core/document/dataSettings.ts';
import { alignClasses } from './alignClasses.ts';
import { readSplit, splitAsStored } from './runSplit.ts';

export type PictureTarget = Pick<Preprocessing, 'height' | 'width' | 'channels' | 'resize'>;
export type OnProgress = (label: string, done: number, total: number | null) => void;

export interface DataRequest {
  readonly train: string;
  /** Null: a share of `train` is set apart. */
  readonly validation: string | null;
  readonly validationFraction: number;
  /** Instead of the fraction. */
  readonly crossValidation: Fold | null;
  /** Of the project, on the training folder. */
  readonly edits: ImageEdits;
  /** Table of labels of the training folder; null: found by itself, or the subfolders are the classes. */
  readonly labels: string | null;
  /** Folder of a run whose split is taken over; null: a split of its own. */
  readonly splitFrom: string | null;
  /** Of the run: decides which images validate. */
  readonly seed: number;
  readonly target: PictureTarget;
  readonly cacheFolder: string;
  readonly memoryBudgetBytes?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** What was found in the folders, before anything is decoded. */
export interface FoundData {
  readonly classNames: readonly string[];
  readonly train: { readonly scan: FolderScan; readonly indices: Uint32Array };
  /** Null when nothing is set apart for validation. */
  readonly validation: { readonly scan: FolderScan; readonly indices: Uint32Array } | null;
  readonly fingerprint: string;
  /** What the user should know, a sentence each. */
  readonly warnings: readonly string[];
}

/** Decoded pictures, ready to be read in batches. */
export interface PreparedData {
  readonly train: ImageSet;
  readonly validation: ImageSet | null;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** Files that have changed or gone since they were scanned; never throws. */
  changes(): Promise<PreparedData['skipped']>;
  close(): Promise<void>;
}

/**
 * Scans the folders and splits them. Throws `AppError`: those of `scanFolder`, 'folder-one-class' and 'folder-classes-differ'.
 */
export async function findData(request: DataRequest): Promise<FoundData> {
  const scanned = async (folder: string, labels: string | null): Promise<FolderScan> =>
    scanFolder(folder, {
      labels,
      signal: request.signal,
      onProgress: (done, total) => request.onProgress('Scanning images', done, total),
    });
  const scan = applyEdits(await scanned(request.train, request.labels), request.edits);
  const classNames = scan.classes.map(({ name }) => name);
  if (classNames.length < 2) throw oneClass(request.train, classNames[0]);
  const train = { scan, indices: allOf(scan) };
  if (request.validation === null) return splitData(request, scan, classNames);
  const other = alignClasses(await scanned(request.validation, null), classNames, request.validation);
  const shared = sharedImagesWarning(await findShared(scan, other));
  return {
    classNames,
    train,
    validation: { scan: other, indices: allOf(other) },
    fingerprint: `${fingerprint(scan)}+${fingerprint(other)}`,
    warnings: [...scan.warnings, ...(shared === null ? [] : [shared])],
  };
}

async function splitData(request: DataRequest, scan: FolderScan, classNames: string[]): Promise<FoundData> {
  const { train, validation, warnings } = await chooseSides(request, scan);
  return {
    classNames,
    train: { scan, indices: train },
    validation: validation.length === 0 ? null : { scan, indices: validation },
    fingerprint: fingerprint(scan),
    warnings: [...scan.warnings, ...warnings],
  };
}

async function chooseSides(
  { splitFrom, crossValidation, validationFraction, seed }: DataRequest,
  scan: FolderScan,
): Promise<ImageSplit & { warnings: string[] }> {
  if (splitFrom !== null) {
    const { unknown, ...sides } = splitAsStored(scan, await readSplit(splitFrom));
    const what = unknown === 1 ? '1 image was' : `${unknown} images were`;
    const warnings =
      unknown === 0 ? [] : [`${what} not there when the split of ${splitFrom} was made: trained on.`];
    return { ...sides, warnings };
  }
  if (crossValidation !== null) return { ...splitFold(scan, crossValidation, seed), warnings: [] };
  return { ...splitImages(scan, validationFraction, seed), warnings: [] };
}

/** Decodes what was found, or finds it decoded in the cache. Throws `AppError`. */
export async function decodeData(found: FoundData, request: DataRequest): Promise<PreparedData> {
  const train = await openSet(found.train, request, 'Decoding images');
  try {
    const validation =
      found.validation === null
        ? null
        : await openSet(found.validation, request, 'Decoding validation images');
    return {
      train,
      validation,
      skipped: skippedOf(found, train, validation),
      changes: async () =>
        (await Promise.all(partsOf(found).map(({ scan, indices }) => changesSince(scan, indices)))).flat(),
      close: async () => {
        await train.close();
        await validation?.close();
      },
    };
  } catch (error) {
    await train.close();
    throw error;
  }
}

/** Scans and decodes the images of one folder by the classes of a finished run. Throws `AppError`. */
export async function openLabelled(
  folder: string,
  classNames: readonly string[],
  request: Pick<DataRequest, 'target' | 'cacheFolder' | 'signal' | 'onProgress'> & {
    readonly labels?: string | null;
    /** Picks some of the folder's pictures; null: all. */
    readonly choose?: ((scan: FolderScan) => Uint32Array) | null;
  },
): Promise<ImageSet> {
  const { signal, onProgress, labels, choose } = request;
  const scan = await scanFolder(folder, {
    labels: labels ?? null,
    signal,
    onProgress: (done, total) => onProgress('Scanning images', done, total),
  });
  const aligned = alignClasses(scan, classNames, folder);
  return openSet({ scan: aligned, indices: choose?.(aligned) ?? allOf(aligned) }, request, 'Decoding images');
}

/** Mean and deviation of the training images, per channel in byte units; a channel without contrast is left unscaled. */
export async function preprocessingOf(train: ImageSet, target: PictureTarget): Promise<Preprocessing> {
  const { mean, deviation } = await train.channelStatistics();
  return { ...target, mean, deviation: deviation.map((value) => (value > 0 ? value : 1)) };
}

async function openSet(
  part: { readonly scan: FolderScan; readonly indices: Uint32Array },
  request: Pick<DataRequest, 'target' | 'cacheFolder' | 'memoryBudgetBytes' | 'signal' | 'onProgress'>,
  label: string,
): Promise<ImageSet> {
  const { target, cacheFolder, memoryBudgetBytes, signal } = request;
  // Looking for pictures that are decoded already takes a while, and tells nothing.
  request.onProgress(label, 0, part.indices.length);
  return openImageSet({
    ...part,
    target,
    cacheFolder,
    ...(memoryBudgetBytes === undefined ? {} : { memoryBudgetBytes }),
    decoders: Math.max(1, Math.min(8, availableParallelism())),
    signal,
    onProgress: (done, total) => request.onProgress(label, done, total),
  });
}

function partsOf({ train, validation }: FoundData): FoundData['train'][] {
  return validation === null ? [train] : [train, validation];
}

function skippedOf(found: FoundData, train: ImageSet, validation: ImageSet | null): PreparedData['skipped'] {
  const scans = new Set(partsOf(found).map(({ scan }) => scan));
  return [
    ...[...scans].flatMap((scan) => [...scan.skipped]),
    ...train.skipped,
    ...(validation === null ? [] : validation.skipped),
  ];
}

function allOf(scan: FolderScan): Uint32Array {
  return Uint32Array.from(scan.images.keys());
}

function oneClass(folder: string, name: string | undefined): AppError {
  return new AppError(
    'folder-one-class',
    `“${folder}” holds only one class (${name ?? 'none'}), and there is nothing to tell apart; add a second subfolder of images.`,
    { where: folder },
  );
}
