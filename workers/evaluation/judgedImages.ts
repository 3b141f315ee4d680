import { AppError } from '#core/diagnostics/appError.ts';
import type { SubfolderReading, TableColumns } from '#core/document/dataSettings.ts';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { message } from '#core/words/message.ts';
import type { ImageSet } from '../data/imageSet/imageSet.ts';
import { openLabHome } from '../files/labHome.ts';
import { partChooser } from '../inference/partChooser.ts';
import { openLabelled } from '../runs/data/prepareData.ts';
import { openRunPart, type RunDataOptions } from '../runs/data/runData.ts';
import type { SplitPart } from '../runs/data/runSplit.ts';

/** Which images are evaluated. */
export type JudgedImages =
  | { readonly kind: 'own'; readonly part: SplitPart }
  | {
      readonly kind: 'folder';
      readonly folder: string;
      /** Table of labels; null: it is searched for, or else the subfolders are the classes. */
      readonly labels?: string | null;
      /** The default is that of the run's project. */
      readonly columns?: TableColumns;
      readonly subfolders?: SubfolderReading;
      /** Only images of this part of the run's split; null: all. */
      readonly part?: SplitPart | null;
    };

/** The images, decoded. */
export interface OpenedImages {
  readonly set: ImageSet;
  readonly described: EvaluationRecord['images'];
}

/** Whether the images of a run are not on this computer. */
function isElsewhere(error: unknown): error is AppError {
  return (
    error instanceof AppError && typeof error.said !== 'string' && error.said.key === 'remote.imagesElsewhere'
  );
}

/** Each image is read once: those that need more are read from the cache file, a batch ahead. */
const MEMORY_BUDGET_BYTES = 64 * 1024 * 1024;

/**
 * Opens the images: a part of the run's own ones, or a folder, whose classes are matched by name. Images of classes
 * that the network does not have are left out. Many images are not kept in memory, unless the cache folder cannot take
 * them. Throws as `openRunPart` and `openLabelled` do.
 */
export async function openJudgedImages(
  run: string,
  model: TrainedModel,
  images: JudgedImages,
  options: RunDataOptions,
): Promise<OpenedImages> {
  const { memoryBudgetBytes = MEMORY_BUDGET_BYTES } = options;
  try {
    return await open(run, model, images, { ...options, memoryBudgetBytes });
  } catch (error) {
    const isUncached =
      error instanceof AppError && (error.code === 'disk-full' || error.code === 'output-not-writable');
    if (!isUncached) throw error;
    return open(run, model, images, { ...options, memoryBudgetBytes: undefined });
  }
}

async function open(
  run: string,
  model: TrainedModel,
  images: JudgedImages,
  options: RunDataOptions,
): Promise<OpenedImages> {
  if (images.kind === 'own') {
    const set = await openRunPart(run, images.part, options).catch((error: unknown) => {
      throw isElsewhere(error) ? new AppError(error.code, message('evaluating.imagesElsewhere')) : error;
    });
    const missing = model.classNames.filter((_, k) => !set.labels.includes(k));
    const described = { source: images.part, folder: set.root, part: null, missing, extra: [] } as const;
    return { set, described: { ...described, missing, extra: [], skipped: set.skipped.length } };
  }
  const part = images.part ?? null;
  const set = await openLabelled(images.folder, model.classNames, {
    labels: images.labels ?? null,
    columns: images.columns ?? model.document.data.table,
    subfolders: images.subfolders ?? model.document.data.subfolders,
    choose: await partChooser(run, part),
    target: model.preprocessing,
    cacheFolder: options.cacheFolder ?? openLabHome().cache,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
    memoryBudgetBytes: options.memoryBudgetBytes,
    extraClasses: 'leave-out',
  });
  const { root, missing, extra, skipped } = set;
  return {
    set,
    described: {
      ...{ source: 'folder', folder: root, part, skipped: skipped.length },
      ...{ missing: [...missing], extra: [...extra] },
    },
  };
}
