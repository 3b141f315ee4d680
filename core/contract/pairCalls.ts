import { z } from 'zod';
import { LONGEST_NAME } from '../document/limits.ts';
import { PAIR_LISTS } from '../evaluation/pairLists.ts';
import { pairRecordSchema } from '../evaluation/pairRecord.ts';
import { checkpoint, described, grant, runId } from './callFields.ts';
import { evaluatedImagesSchema, evaluationKeySchema, taskId } from './evaluationCalls.ts';

const count = z.number().int().nonnegative();

/** A network that is compared: a run, and what of it. An absent choice is the default of an evaluation. */
const comparedNetworkSchema = z.object({
  runId,
  checkpoint,
  weights: z.enum(['raw', 'ema']).optional(),
  statistics: z.enum(['stored', 'moving', 'exact']).optional(),
  precision: z.enum(['f32', 'bf16']).optional(),
  /** True: each BatchNorm that can be folded into a layer is folded first. */
  fold: z.boolean().optional(),
});
export type ComparedNetwork = z.infer<typeof comparedNetworkSchema>;

/** The evaluations of both networks. */
const pairKeySchema = z.object({ first: evaluationKeySchema, second: evaluationKeySchema });
export type PairKey = z.infer<typeof pairKeySchema>;

/** What one network says about an image. */
const answerSchema = z.object({
  class: count,
  /** Probability of that class, and of the true one; null where it is not finite. */
  probability: z.number().nullable(),
  trueProbability: z.number().nullable(),
});

/** An image on which two networks differ. Classes are those of the first network. */
const differingImageSchema = z.object({
  /** Its number in the evaluation of the first network. */
  image: count,
  /** Name relative to the folder of the images, with '/'. */
  file: z.string(),
  truth: count,
  first: answerSchema,
  second: answerSchema,
});
export type DifferingImage = z.infer<typeof differingImageSchema>;

/** Calls about two networks on the same images. */
export const PAIR_CALLS = {
  /**
   * Evaluates both networks, unless that evaluation is kept already, and keeps the results with their runs. Returns
   * when both are done; `evaluationProgress` events report progress. Images of a run's own part are those of each run:
   * what both have is compared.
   */
  'pair.compare': {
    params: z.object({
      taskId,
      first: comparedNetworkSchema,
      second: comparedNetworkSchema,
      images: evaluatedImagesSchema,
    }),
    result: pairKeySchema,
  },
  /**
   * Cancels a comparison, its figures or what is written of it, which fails with 'interrupted'; an evaluation that is
   * done stays.
   */
  'pair.cancel': { params: z.object({ taskId }), result: z.object({}) },
  /** All figures of two evaluations on the images that both have; `evaluationProgress` events report progress. */
  'pair.open': { params: pairKeySchema.extend({ taskId }), result: pairRecordSchema },
  /** A page of the images on which the networks differ. */
  'pair.images': {
    params: pairKeySchema.extend({
      list: z.enum(PAIR_LISTS),
      from: count,
      count: z.number().int().min(1).max(200),
    }),
    /** `total`: number of images in the list. */
    result: z.object({ total: count, images: z.array(differingImageSchema) }),
  },
  /**
   * Writes the report of a comparison (one HTML file), or its tables (a folder of CSV and JSON files). Without
   * `overwrite`, existing files are not changed: 'output-exists'. `evaluationProgress` events report progress.
   */
  'pair.write': {
    params: pairKeySchema.extend({
      taskId,
      what: z.enum(['report', 'tables']),
      language: z.enum(['en', 'zh-CN']),
      folder: grant,
      name: z.string().min(1).max(LONGEST_NAME),
      overwrite: z.boolean(),
    }),
    result: z.object({ file: described }),
  },
} as const;
