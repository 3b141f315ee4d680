import { z } from 'zod';
import { LONGEST_NAME } from '../document/limits.ts';
import { evaluationRecordSchema } from '../evaluation/evaluationRecord.ts';
import { IMAGE_ORDERS } from '../evaluation/imageOrders.ts';
import { checkpoint, described, grant, runId } from './callFields.ts';
import { messageSchema } from './messageSchema.ts';

const count = z.number().int().nonnegative();
/** Identifies one piece of work, so that it can be cancelled and its progress can be told apart. */
export const taskId = z.string().min(1).max(64);

/** An evaluation that is kept with a run. */
export const evaluationKeySchema = z.object({ runId, id: z.string().regex(/^[0-9a-f]{16}$/) });
export type EvaluationKey = z.infer<typeof evaluationKeySchema>;

/** Which images are evaluated: a part of the run's own ones, or a folder that the user chose. */
export const evaluatedImagesSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own'), part: z.enum(['train', 'validation']) }),
  z.object({
    kind: z.literal('folder'),
    folder: grant,
    /** Only images of this part of the run's split; null: all. */
    part: z.enum(['train', 'validation']).nullable(),
  }),
]);

/** What a list of evaluations shows of one. */
const evaluationSummarySchema = evaluationRecordSchema
  .pick({ id: true, createdAt: true, model: true, images: true, loss: true })
  .extend({
    count,
    /** Null without images. */
    accuracy: z.number().nullable(),
  });
export type EvaluationSummary = z.infer<typeof evaluationSummarySchema>;

/** Which images of an evaluation to list, and in which order. Null matches all. */
const imageQuerySchema = z.object({
  order: z.enum(IMAGE_ORDERS),
  /** Index of the true class, and of the class that the network gave. */
  truth: count.nullable(),
  decided: count.nullable(),
  /** Substring of the file's name; case is ignored. */
  text: z.string().max(200).nullable(),
});
export type ImageQuery = z.infer<typeof imageQuerySchema>;

/** One image of an evaluation. */
export const evaluatedImageSchema = z.object({
  /** Its number in the evaluation, from 0. */
  image: count,
  /** Name relative to the folder of the images, with '/'. */
  file: z.string(),
  truth: count,
  decided: count,
  /** Probability of the class given. */
  confidence: z.number().nullable(),
  /** In nats; null where it is not finite. */
  logLoss: z.number().nullable(),
  /** Number of classes before the true one. */
  rank: count,
  /**
   * The most probable classes, up to five, the most probable first. Where a single logit distinguishes two classes,
   * both have it. Null: not finite.
   */
  top: z.array(z.object({ class: count, probability: z.number().nullable(), logit: z.number().nullable() })),
});
export type EvaluatedImage = z.infer<typeof evaluatedImageSchema>;

/** Calls about the evaluation of runs on labelled images. */
export const EVALUATION_CALLS = {
  /**
   * Evaluates a run and keeps the result with it. Returns when it is done; `evaluationProgress` events report progress.
   * Where the run's folder cannot be written, the lab keeps it in its cache folder; `notKept` says why.
   */
  'evaluation.start': {
    params: z.object({
      taskId,
      runId,
      checkpoint,
      /** Absent: the averages, where the run keeps them. */
      weights: z.enum(['raw', 'ema']).optional(),
      statistics: z.enum(['stored', 'moving', 'exact']),
      images: evaluatedImagesSchema,
    }),
    result: z.object({
      key: evaluationKeySchema,
      skipped: z.array(z.object({ file: z.string(), reason: messageSchema })),
      notKept: messageSchema.nullable(),
    }),
  },
  /** Cancels an evaluation or what is written of one, which fails with 'interrupted' and leaves nothing. */
  'evaluation.cancel': { params: z.object({ taskId }), result: z.object({}) },
  /** The evaluations of a run, the newest first. */
  'evaluation.list': { params: z.object({ runId }), result: z.array(evaluationSummarySchema) },
  /** All figures of an evaluation. */
  'evaluation.open': { params: evaluationKeySchema, result: evaluationRecordSchema },
  'evaluation.remove': { params: evaluationKeySchema, result: z.object({}) },
  /** A page of the images of an evaluation. */
  'evaluation.images': {
    params: evaluationKeySchema.extend({
      query: imageQuerySchema,
      from: count,
      count: z.number().int().min(1).max(500),
    }),
    /** `total`: number of images that the query matches. */
    result: z.object({ total: count, images: z.array(evaluatedImageSchema) }),
  },
  /**
   * Small pictures of images of an evaluation, as data URLs. Files that are gone, that have other contents than the
   * evaluated ones, or that cannot be decoded, are left out.
   */
  'evaluation.pictures': {
    params: evaluationKeySchema.extend({
      images: z.array(count).max(64),
      sizePx: z.number().int().min(16).max(1024),
    }),
    result: z.array(z.object({ image: count, dataUrl: z.string() })),
  },
  /**
   * Writes the report of an evaluation (one HTML file), or its tables (a folder of CSV and JSON files). Without
   * `overwrite`, existing files are not changed: 'output-exists'. `evaluationProgress` events report progress;
   * `evaluation.cancel` cancels it, unless the file is just being placed.
   */
  'evaluation.write': {
    params: evaluationKeySchema.extend({
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
