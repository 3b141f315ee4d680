import { availableParallelism } from 'node:os';
import type { Preprocessing } from '#core/contract/preprocessing.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { fingerprint } from '../data/fingerprint.ts';
import { openImageSet, type ImageSet } from '../data/openImageSet.ts';
import { scanFolder, type FolderScan } from '../data/scanFolder.ts';
import { splitImages } from '../data/splitImages.ts';
import { alignClasses } from './alignClasses.ts';

export type PictureTarget = Pick<Preprocessing, 'height' | 'width' | 'channels' | 'resize'>;
export type OnProgress = (label: string, done: number, total: number | null) => void;

export interface DataRequest {
  readonly train: string;
  /** Null: a share of `train` is set apart. */
  readonly validation: string | null;
  readonly validationFraction: number;
  /** Of the run: decides which images validate. */
  readonly seed: number;
  readonly target: PictureTarget;
  readonly cacheFolder: string;
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
}

/** Decoded pictures, ready to be read in batches. */
export interface PreparedData {
  readonly train: ImageSet;
  readonly validation: ImageSet | null;
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  close(): Promise<void>;
}

/**
 * Scans the folders and splits them. Throws `AppError`: those of `scanFolder`, 'folder-one-class' and 'folder-classes-differ'.
 */
export async function findData(request: DataRequest): Promise<FoundData> {
  const { signal, onProgress } = request;
  const scanned = async (folder: string): Promise<FolderScan> =>
    scanFolder(folder, { signal, onProgress: (done, total) => onProgress('Scanning images', done, total) });
  const scan = await scanned(request.train);
  const classNames = scan.classes.map(({ name }) => name);
  if (classNames.length < 2) throw oneClass(request.train, classNames[0]);
  if (request.validation === null) {
    const { train, validation } = splitImages(scan, request.validationFraction, request.seed);
    return {
      classNames,
      train: { scan, indices: train },
      validation: validation.length === 0 ? null : { scan, indices: validation },
      fingerprint: fingerprint(scan),
    };
  }
  const other = alignClasses(await scanned(request.validation), classNames, request.validation);
  return {
    classNames,
    train: { scan, indices: allOf(scan) },
    validation: { scan: other, indices: allOf(other) },
    fingerprint: `${fingerprint(scan)}+${fingerprint(other)}`,
  };
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
  request: Pick<DataRequest, 'target' | 'cacheFolder' | 'signal' | 'onProgress'>,
): Promise<ImageSet> {
  const { signal, onProgress } = request;
  const scan = await scanFolder(folder, {
    signal,
    onProgress: (done, total) => onProgress('Scanning images', done, total),
  });
  const aligned = alignClasses(scan, classNames, folder);
  return openSet({ scan: aligned, indices: allOf(aligned) }, request, 'Decoding images');
}

/** Mean and deviation of the training images, per channel in byte units; a channel without contrast is left unscaled. */
export async function preprocessingOf(train: ImageSet, target: PictureTarget): Promise<Preprocessing> {
  const { mean, deviation } = await train.channelStatistics();
  return { ...target, mean, deviation: deviation.map((value) => (value > 0 ? value : 1)) };
}

async function openSet(
  part: { readonly scan: FolderScan; readonly indices: Uint32Array },
  request: Pick<DataRequest, 'target' | 'cacheFolder' | 'signal' | 'onProgress'>,
  label: string,
): Promise<ImageSet> {
  const { target, cacheFolder, signal } = request;
  return openImageSet({
    ...part,
    target,
    cacheFolder,
    decoders: Math.max(1, Math.min(8, availableParallelism())),
    signal,
    onProgress: (done, total) => request.onProgress(label, done, total),
  });
}

function skippedOf(found: FoundData, train: ImageSet, validation: ImageSet | null): PreparedData['skipped'] {
  const scans = new Set([found.train.scan, ...(found.validation === null ? [] : [found.validation.scan])]);
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
