import { z } from 'zod';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';
import { judgedImagesSchema } from '../evaluation/evaluationMessages.ts';

/** A network that is compared: a run, and what of it. The defaults are those of an evaluation. */
const networkSchema = z.object({
  /** The folder of the run. */
  run: z.string(),
  checkpoint: z.enum(CHECKPOINT_CHOICES).exactOptional(),
  weights: z.enum(['raw', 'ema']).exactOptional(),
  statistics: z.enum(['stored', 'moving', 'exact']).exactOptional(),
  precision: z.enum(['auto', 'f32', 'bf16']).exactOptional(),
  fold: z.boolean().exactOptional(),
});

/** The start data of the thread that evaluates two networks. */
export const pairRequestSchema = z.object({
  first: networkSchema,
  second: networkSchema,
  images: judgedImagesSchema,
  topK: z.array(z.number().int().positive()),
  cacheFolder: z.string(),
});
export type PairRequest = z.infer<typeof pairRequestSchema>;

/** Where both evaluations are: the folder of each run, and the id. */
export const pairFoundSchema = z.object({
  first: z.object({ run: z.string(), id: z.string() }),
  second: z.object({ run: z.string(), id: z.string() }),
});
export type PairFound = z.infer<typeof pairFoundSchema>;
