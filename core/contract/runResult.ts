import { z } from 'zod';
import { bestEpochSchema } from '../training/bestEpoch.ts';
import { extensionSchema } from '../training/extension.ts';
import { comparedResultSchema } from '../training/policyRows.ts';
import { dataPlanSchema } from './dataPlan.ts';
import { messageSchema } from './messageSchema.ts';

const lossAndAccuracy = z.object({ loss: z.number().nullable(), accuracy: z.number() });

/** A frozen prefix that was computed once for each image. */
const featuresSchema = z.object({
  /** `head`: the first epochs, in which only the head trains. */
  phase: z.enum(['head', 'all']),
  /** Blocks of the prefix, without the Input. */
  blocks: z.number().int().positive(),
  /** Id of its last block, and the shape of the output of that. */
  after: z.string(),
  shape: z.array(z.number().int().positive()),
  /** Versions of each training image: 1 without augmentation. */
  versions: z.number().int().positive(),
  /** Time to compute them, or to find them in the cache. */
  seconds: z.number(),
  reused: z.boolean(),
  /**
   * How much they depend on the batch in which they are computed, on a few images: absolute, and of the largest value.
   */
  difference: z.object({ images: z.number().int(), largest: z.number(), relative: z.number() }),
});
export type RunFeatures = z.infer<typeof featuresSchema>;

/** Files of a run and the problem of each; `files` lists the first `FILES_TOLD` of them. */
const fileReport = z.object({
  count: z.number().int().nonnegative(),
  files: z.array(z.object({ file: z.string(), reason: messageSchema })),
});
export type FileReport = z.infer<typeof fileReport>;

const FILES_TOLD = 200;

/** The report on a list of files. */
export function reportFiles(files: readonly FileReport['files'][number][]): FileReport {
  return {
    count: files.length,
    files: files.slice(0, FILES_TOLD).map(({ file, reason }) => ({ file, reason })),
  };
}

/** What `normlab train --json` prints and `result.json` holds. */
export const resultSchema = z.object({
  run: z.string(),
  epochs: z.number(),
  steps: z.number(),
  train: lossAndAccuracy,
  val: lossAndAccuracy.nullable(),
  seconds: z.number(),
  imagesPerSecond: z.number(),
  /** Share of the training time that the trainer spent waiting for images; absent in runs of older versions. */
  dataWaitShare: z.number().optional(),
  precision: z.string(),
  /** The backend that was used; absent in runs of older versions. */
  backend: z.enum(['native', 'reference']).optional(),
  /** What was decided about the data; absent in runs of older versions. */
  data: dataPlanSchema.optional(),
  /** Files that were left out; absent in runs of older versions. */
  skipped: fileReport.optional(),
  /**
   * Files that were changed or deleted during the run, which used them as they were at its start; absent in older runs.
   */
  changedMeanwhile: fileReport.optional(),
  /** BatchNorm blocks whose running statistics no step has updated; absent where there are none. */
  neverUpdated: z.array(z.string()).optional(),
  /**
   * The frozen blocks whose output was computed once for each image, of each phase with such blocks; absent where every
   * step computed all blocks. Phases that were done before the run was resumed are not listed.
   */
  features: z.array(featuresSchema).optional(),
  /** Its weights are kept; absent without validation, and in runs of older versions. */
  best: bestEpochSchema.optional(),
  /** Of a run that belongs to a comparison of BatchNorm policies. */
  comparison: comparedResultSchema.optional(),
  /** As in `run.json`. */
  extensions: z.array(extensionSchema).optional(),
});
export type RunResult = z.infer<typeof resultSchema>;
