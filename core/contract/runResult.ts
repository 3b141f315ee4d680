import { z } from 'zod';

const lossAndAccuracy = z.object({ loss: z.number().nullable(), accuracy: z.number() });

/** What `normlab train --json` prints and `result.json` holds. */
export const resultSchema = z.object({
  run: z.string(),
  epochs: z.number(),
  steps: z.number(),
  train: lossAndAccuracy,
  val: lossAndAccuracy.nullable(),
  seconds: z.number(),
  imagesPerSecond: z.number(),
  /** Share of the training time in which the trainer waited for its pictures; absent in runs of older versions. */
  dataWaitShare: z.number().optional(),
  precision: z.string(),
});
export type RunResult = z.infer<typeof resultSchema>;
