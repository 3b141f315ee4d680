import { z } from 'zod';
import {
  duplicateRowSchema,
  duplicateSummarySchema,
  forgottenRowSchema,
  forgottenSummarySchema,
  suspectRowSchema,
  suspectSummarySchema,
} from '../evaluation/doubtRows.ts';
import { runId } from './callFields.ts';
import { evaluatedImageSchema, evaluationKeySchema, taskId } from './evaluationCalls.ts';

const count = z.number().int().nonnegative();

/** An evaluation whose rows are asked for, page by page. */
const page = evaluationKeySchema.extend({
  taskId,
  from: count,
  count: z.number().int().min(1).max(500),
  /** Substring of the file's name; case is ignored. Null matches all. */
  text: z.string().max(200).nullable(),
});

/** Images of an evaluation with what was found about them. */
const suspectedImageSchema = evaluatedImageSchema.extend({ doubt: suspectRowSchema });
export type SuspectedImage = z.infer<typeof suspectedImageSchema>;
const duplicatedImageSchema = evaluatedImageSchema.extend({ doubt: duplicateRowSchema });
export type DuplicatedImage = z.infer<typeof duplicatedImageSchema>;
const forgottenImageSchema = evaluatedImageSchema.extend({ doubt: forgottenRowSchema });
export type ForgottenImage = z.infer<typeof forgottenImageSchema>;

/** An evaluation of another run that can judge the labels too. */
const sourceSchema = z.object({ key: evaluationKeySchema, run: z.string(), images: count });
export type DoubtSource = z.infer<typeof sourceSchema>;

/**
 * Calls about labels, copies and forgetting. The first page of each list is searched for, which `evaluationProgress`
 * events report; the result is kept with the evaluation, and later pages are read from it. `found` counts all images,
 * `total` those that match.
 */
export const DOUBT_CALLS = {
  /** Evaluations of other runs by which the labels of this one can be judged too. */
  'doubt.sources': {
    params: evaluationKeySchema,
    result: z.object({
      /** The validation parts of the other folds of a cross-validation. */
      folds: z.array(sourceSchema),
      /** Other folds without an evaluation of their validation part. */
      missing: z.array(z.object({ runId, run: z.string() })),
      /** The same images, judged by other runs. */
      average: z.array(sourceSchema),
    }),
  },
  /**
   * Images whose labels are likely wrong. `others` judge the labels together with the evaluation; `elsewhere` counts
   * the likely mislabelled images that only they have.
   */
  'doubt.suspects': {
    params: page.extend({ others: z.array(evaluationKeySchema).max(100) }),
    result: z.object({
      summary: suspectSummarySchema,
      found: count,
      elsewhere: count,
      total: count,
      rows: z.array(suspectedImageSchema),
    }),
  },
  /** Images of the evaluation with a copy among the images of the run. */
  'doubt.duplicates': {
    params: page.extend({ onlyWrong: z.boolean() }),
    result: z.object({
      summary: duplicateSummarySchema,
      found: count,
      total: count,
      rows: z.array(duplicatedImageSchema),
    }),
  },
  /** Validation images that were forgotten or never learned. */
  'doubt.forgotten': {
    params: page.extend({ onlyLost: z.boolean() }),
    result: z.object({
      summary: forgottenSummarySchema,
      found: count,
      total: count,
      rows: z.array(forgottenImageSchema),
    }),
  },
  /** Pictures of the copies of these images of the evaluation; those that cannot be read are left out. */
  'doubt.copies': {
    params: evaluationKeySchema.extend({
      images: z.array(count).max(64),
      sizePx: z.number().int().min(16).max(1024),
    }),
    result: z.array(z.object({ image: count, dataUrl: z.string() })),
  },
  /** Cancels a search, which fails with 'interrupted' and keeps nothing. */
  'doubt.cancel': { params: z.object({ taskId }), result: z.object({}) },
} as const;
