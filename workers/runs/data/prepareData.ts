import { availableParallelism } from 'node:os';
import { appliedNormalization, type NormalizationSettings } from '#core/document/normalization.ts';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { fingerprint } from '../../data/scan/fingerprint.ts';
import type { ImageSet } from '../../data/imageSet/imageSet.ts';
import { openImageSet } from '../../data/imageSet/openImageSet.ts';
import { applyEdits } from '../../data/scan/applyEdits.ts';
import { lookAtPixels, type PixelLook } from '../../data/scan/lookAtPixels.ts';
import { changesSince } from '../../data/scan/changesSince.ts';
import { sharedImagesWarning } from '../../data/scan/scanWarnings.ts';
import { findShared } from '../../data/scan/duplicates.ts';
import { scanFolder, type FolderScan } from '../../data/scan/scanFolder.ts';
import { divideScan, type DividedScan, type Division } from '../../data/split/divideScan.ts';
import { sharedGroupsWarning } from '../../data/split/sharedGroups.ts';
import { isAboutUnusedTable } from '../../data/scan/chooseLayout.ts';
import { voteInput } from '../../data/scan/voteInput.ts';
import type { SkippedFile } from '../../data/walk/walkFolder.ts';
import type { DataPlan, GroupSplit, Preparation } from '#core/contract/dataPlan.ts';
import type { InputVote } from '#core/contract/inputVote.ts';
import {
  resizeOf,
  type DataSettings,
  type ImageEdits,
  type SubfolderReading,
  type TableColumns,
} from '#core/document/dataSettings.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { message, sentences, type Message } from '#core/words/message.ts';
import type { OnProgress } from '../../threads/progress.ts';
import { alignSomeClasses, refuseExtraClasses, type MatchedScan } from './alignClasses.ts';
import { readSplit, splitAsStored } from './runSplit.ts';

type ImageTarget = Pick<
  Preprocessing,
  'height' | 'width' | 'channels' | 'resize' | 'cropFraction' | 'ranges'
>;

/** The settings of a project about its images. */
interface ProjectData extends Division {
  /** On the training folder. */
  readonly edits: ImageEdits;
  readonly columns: TableColumns;
  readonly subfolders: SubfolderReading;
}

export interface DataRequest extends ProjectData {
  readonly train: string;
  /** Null: a share of `train` is used for validation. */
  readonly validation: string | null;
  /** Table of labels of the training folder. Null: it is searched for, or else the subfolders are the classes. */
  readonly labels: string | null;
  /** Folder of a run whose split is reused; null: a split of its own. */
  readonly splitFrom: string | null;
  /** `ranges`: those of a run that is resumed; absent: measured on the training folder. */
  readonly target: ImageTarget;
  readonly cacheFolder: string;
  readonly memoryBudgetBytes?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** The part of a request that comes from the project. */
export function projectData({ data, training }: GraphDocument): ProjectData {
  const { validationFraction, crossValidation, groups, edits, table, subfolders } = data;
  return {
    validationFraction,
    crossValidation,
    groups,
    edits,
    columns: table,
    subfolders,
    seed: training.seed,
  };
}

/** What was found in the folders, before anything is decoded. */
export interface FoundData {
  readonly classNames: readonly string[];
  readonly train: { readonly scan: FolderScan; readonly indices: Uint32Array };
  /** Null when there is no validation. */
  readonly validation: { readonly scan: FolderScan; readonly indices: Uint32Array } | null;
  readonly fingerprint: string;
  /** How well the training images fit the input. */
  readonly vote: InputVote | null;
  /** How groups were kept together; null without a rule for groups, or where nothing is split. */
  readonly groupSplit: GroupSplit | null;
  /** Notes for the user. */
  readonly warnings: readonly Message[];
  /** How the pixels of the training folder become bytes, and whether the images show anything. */
  readonly pixels: Pick<PixelLook, 'ranges' | 'isFlat'>;
}

/** Decoded images, ready to be read in batches. */
export interface PreparedData {
  readonly train: ImageSet;
  readonly validation: ImageSet | null;
  readonly skipped: readonly SkippedFile[];
  /** Files that have changed or disappeared since they were scanned; never throws. */
  changes(): Promise<PreparedData['skipped']>;
  close(): Promise<void>;
}

/**
 * Scans the folders and splits them. Throws `AppError`: those of `scanFolder`, 'folder-one-class' and
 * 'folder-classes-differ'.
 */
export async function findData(request: DataRequest): Promise<FoundData> {
  const scanned = async (folder: string, labels: string | null): Promise<FolderScan> =>
    scanFolder(folder, {
      labels,
      columns: request.columns,
      subfolders: request.subfolders,
      signal: request.signal,
      onProgress: (done, total) => request.onProgress(message('work.scanning'), done, total),
    });
  const scan = applyEdits(await scanned(request.train, request.labels), request.edits);
  const classNames = scan.classes.map(({ name }) => name);
  if (classNames.length < 2) throw oneClass(request.train, classNames[0], scan);
  const train = { scan, indices: allOf(scan) };
  const pixels = await lookAtPixels(scan, { ranges: request.target.ranges, signal: request.signal });
  if (request.validation === null) return splitData(request, scan, classNames, pixels);
  const scannedOther = await scanned(request.validation, null);
  const { scan: other } = refuseExtraClasses(scannedOther, classNames, request.validation);
  const shared = sharedImagesWarning(await findShared(scan, other));
  const groups = sharedGroupsWarning(scan, other, request.groups);
  return {
    classNames,
    train,
    validation: { scan: other, indices: allOf(other) },
    fingerprint: `${fingerprint(scan)}+${fingerprint(other)}`,
    vote: voteInput(scan.images),
    groupSplit: null,
    warnings: [
      ...scan.warnings,
      ...pixels.warnings,
      ...[shared, groups].filter((warning) => warning !== null),
    ],
    pixels,
  };
}

async function splitData(
  request: DataRequest,
  scan: FolderScan,
  classNames: string[],
  pixels: PixelLook,
): Promise<FoundData> {
  const { train, validation, warnings, groupSplit } = await chooseSides(request, scan);
  return {
    classNames,
    train: { scan, indices: train },
    validation: validation.length === 0 ? null : { scan, indices: validation },
    fingerprint: fingerprint(scan),
    vote: voteInput(scan.images),
    groupSplit,
    warnings: [...scan.warnings, ...pixels.warnings, ...warnings],
    pixels,
  };
}

async function chooseSides(
  request: DataRequest,
  scan: FolderScan,
): Promise<DividedScan & { warnings: Message[] }> {
  const { splitFrom } = request;
  if (splitFrom === null) return { ...divideScan(scan, request), warnings: [] };
  const { unknown, ...sides } = splitAsStored(scan, await readSplit(splitFrom));
  const warnings = unknown === 0 ? [] : [message('folders.notInSplit', { count: unknown, run: splitFrom })];
  return { ...sides, groupSplit: null, warnings };
}

/** The decisions about the data of a run with this input `[C, H, W]` and these settings. */
export function dataPlanOf(
  { train, vote, groupSplit }: FoundData,
  input: readonly number[],
  settings: DataSettings,
): DataPlan {
  const [channels = 0, height = 0, width = 0] = input;
  return {
    input: vote === null ? null : { channels, height, width, vote },
    groups: groupSplit,
    table: train.scan.table,
    preparation: preparationOf(settings),
  };
}

function preparationOf({ normalization, channelOrder, ...settings }: DataSettings): Preparation {
  return {
    ...resizeOf(settings),
    ...(normalization === undefined ? {} : { normalization }),
    ...(channelOrder === undefined ? {} : { channelOrder }),
  };
}

/** Decodes the scanned images, or finds them decoded in the cache. Throws `AppError`. */
export async function decodeData(found: FoundData, asked: DataRequest): Promise<PreparedData> {
  const request = { ...asked, target: { ...asked.target, ...rangesOf(found) } };
  const train = await openSet(found.train, request, message('work.decoding'));
  try {
    const validation =
      found.validation === null
        ? null
        : await openSet(found.validation, request, message('work.decodingValidation'));
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

/** The labelled images of one folder, decoded. */
export interface LabelledSet extends ImageSet, Pick<MatchedScan, 'missing' | 'extra'> {
  /** Folder that the names of the images belong to. */
  readonly root: string;
}

/**
 * Scans and decodes the images of one folder with the classes of a finished run. Throws `AppError`: those of the
 * folder, 'folder-classes-differ' for a class that the run does not have, or with `extraClasses: 'leave-out'` where it
 * has none.
 */
export async function openLabelled(
  folder: string,
  classNames: readonly string[],
  request: Pick<DataRequest, 'target' | 'cacheFolder' | 'memoryBudgetBytes' | 'signal' | 'onProgress'> & {
    readonly labels?: string | null;
    readonly columns?: TableColumns;
    readonly subfolders?: SubfolderReading;
    /** Selects some of the folder's images; null: all. */
    readonly choose?: ((scan: FolderScan) => Uint32Array) | null;
    /** What is done with images of classes that the run does not have; the default is to refuse the folder. */
    readonly extraClasses?: 'refuse' | 'leave-out';
  },
): Promise<LabelledSet> {
  const { signal, onProgress, labels, columns, subfolders, choose } = request;
  const scan = await scanFolder(folder, {
    labels: labels ?? null,
    ...(columns === undefined ? {} : { columns }),
    ...(subfolders === undefined ? {} : { subfolders }),
    signal,
    onProgress: (done, total) => onProgress(message('work.scanning'), done, total),
  });
  const align = request.extraClasses === 'leave-out' ? alignSomeClasses : refuseExtraClasses;
  const { scan: aligned, missing, extra } = align(scan, classNames, folder);
  const chosen = choose?.(aligned) ?? allOf(aligned);
  const indices = chosen.filter((index) => aligned.images.classOf(index) < classNames.length);
  const set = await openSet({ scan: aligned, indices }, request, message('work.decoding'));
  return { ...set, skipped: [...scan.skipped, ...set.skipped], root: scan.root, missing, extra };
}

/**
 * The preprocessing of a run: the numbers that the project gives, or mean and deviation of the training images, per
 * channel in byte units; a channel without contrast is not scaled.
 */
export async function preprocessingOf(
  train: ImageSet,
  target: ImageTarget,
  settings: NormalizationSettings,
): Promise<Preprocessing> {
  const { mean, deviation } = await train.channelStatistics();
  const measured = { mean, deviation: deviation.map((value) => (value > 0 ? value : 1)) };
  const applied = appliedNormalization(settings, measured);
  const { ranges } = train.target;
  return {
    ...target,
    ...(ranges === undefined ? {} : { ranges }),
    ...applied,
    mean: [...applied.mean],
    deviation: [...applied.deviation],
  };
}

async function openSet(
  part: { readonly scan: FolderScan; readonly indices: Uint32Array },
  request: Pick<DataRequest, 'target' | 'cacheFolder' | 'memoryBudgetBytes' | 'signal' | 'onProgress'>,
  label: Message,
): Promise<ImageSet> {
  const { target, cacheFolder, memoryBudgetBytes, signal } = request;
  // Searching for images that are already decoded takes a while and reports no progress.
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

/** Does nothing where no image has samples that need a range. */
function rangesOf({ pixels }: FoundData): Pick<ImageTarget, 'ranges'> {
  return Object.keys(pixels.ranges).length === 0 ? {} : { ranges: pixels.ranges };
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

/** Reports why a table that could have given the classes was not used. */
function oneClass(folder: string, name: string | undefined, { warnings, labels }: FolderScan): AppError {
  const table = labels === null ? warnings.find(isAboutUnusedTable) : undefined;
  const said = message('folders.oneClass', {
    path: folder,
    name: name ?? message('folders.noClass'),
    remedy:
      labels === null
        ? message('folders.addSubfolder')
        : message('folders.tableGivesNoOther', { table: labels }),
  });
  return new AppError('folder-one-class', table === undefined ? said : sentences(said, table), {
    where: folder,
  });
}
