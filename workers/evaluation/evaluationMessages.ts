import { z } from 'zod';
import { messageSchema } from '#core/contract/messageSchema.ts';
import { SUBFOLDER_READINGS, tableColumnsSchema } from '#core/document/dataSettings.ts';
import { evaluationRecordSchema } from '#core/evaluation/evaluationRecord.ts';
import type { ImageScores } from '#core/evaluation/imageScores.ts';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';
import type { JudgedImages } from './judgedImages.ts';

const part = z.enum(['train', 'validation']);

export const judgedImagesSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own'), part }),
  z.object({
    kind: z.literal('folder'),
    folder: z.string(),
    labels: z.string().nullable().exactOptional(),
    columns: tableColumnsSchema.exactOptional(),
    subfolders: z.enum(SUBFOLDER_READINGS).exactOptional(),
    part: part.nullable().exactOptional(),
  }),
]) satisfies z.ZodType<JudgedImages>;

/** The start data of an evaluation thread. */
export const evaluationRequestSchema = z.object({
  /** An empty folder for the files of the evaluation. */
  folder: z.string(),
  run: z.string(),
  images: judgedImagesSchema,
  weights: z.enum(['raw', 'ema']).exactOptional(),
  checkpoint: z.enum(CHECKPOINT_CHOICES).exactOptional(),
  statistics: z.enum(['stored', 'moving', 'exact']).exactOptional(),
  topK: z.array(z.number().int()),
  fold: z.boolean().exactOptional(),
  precision: z.enum(['auto', 'f32', 'bf16']).exactOptional(),
  threads: z.number().int().exactOptional(),
  cacheFolder: z.string().exactOptional(),
  /** Whether everything that was found is returned, and not only its id: it is in the folder too. */
  isWhole: z.boolean(),
});
export type EvaluationRequest = z.infer<typeof evaluationRequestSchema>;

const int32 = z.custom<Int32Array>((value) => value instanceof Int32Array);
const uint32 = z.custom<Uint32Array>((value) => value instanceof Uint32Array);
const float64 = z.custom<Float64Array>((value) => value instanceof Float64Array);
const size = z.number().int();

const scoresSchema = z.object({
  ...{ count: size, classes: size, notFinite: size },
  ...{ labels: int32, decided: int32, rank: int32 },
  ...{ confidence: float64, logLoss: float64, preference: float64 },
}) satisfies z.ZodType<ImageScores>;

/** The outcome of an evaluation thread. */
export const evaluationOutcomeSchema = z.object({
  id: z.string(),
  skipped: z.array(z.object({ file: z.string(), reason: messageSchema })),
  /** Everything else that was found; null where it was not asked for. */
  whole: z
    .object({
      record: evaluationRecordSchema,
      files: z.array(z.string()),
      confusion: z.object({ classes: size, counts: uint32 }),
      scores: scoresSchema,
    })
    .nullable(),
});
export type EvaluationOutcome = z.infer<typeof evaluationOutcomeSchema>;
