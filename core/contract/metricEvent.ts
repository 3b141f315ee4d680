import { z } from 'zod';

const finiteOrNull = z.number().nullable();

/**
 * One training step. `accuracy` is the batch's own. JSON has no NaN: a loss that is not finite travels as null, and so
 * does the accuracy of a step that ended before it was known. Both end the run, whose last step event is that step.
 * Charts leave a gap there.
 */
const stepEvent = z.strictObject({
  kind: z.literal('step'),
  step: z.number().int(),
  epoch: z.number(),
  loss: finiteOrNull,
  accuracy: finiteOrNull,
  lr: z.number(),
  /** Of the whole gradient before clipping; absent where nothing is clipped. */
  gradientNorm: z.number().optional(),
  imagesPerSecond: z.number(),
  elapsedMs: z.number(),
});

/** The end of an epoch: training means, and validation in frozen mode. */
const epochEvent = z.strictObject({
  kind: z.literal('epoch'),
  step: z.number().int(),
  epoch: z.number().int(),
  loss: finiteOrNull,
  accuracy: z.number(),
  valLoss: finiteOrNull,
  valAccuracy: z.number().nullable(),
  /** Of the raw weights, where `valLoss` and `valAccuracy` are those of their moving average and both are measured. */
  rawValLoss: finiteOrNull.optional(),
  rawValAccuracy: z.number().optional(),
  lr: z.number(),
  elapsedMs: z.number(),
});

/** How far stored statistics are from this batch's, for each BatchNorm block; at most a few times a second. */
const statisticsEvent = z.strictObject({
  kind: z.literal('statistics'),
  step: z.number().int(),
  layers: z.array(
    // Not strict: files of earlier versions also have `worstDrift` here, which nothing shows any more.
    z.object({
      node: z.string(),
      /** Root mean square over channels of (mu_B - mu_run) / sigma_run: `core/batchnorm/drift.ts`. */
      drift: finiteOrNull,
      /** Share of the initial values (0, 1) still in the running statistics: decay^steps. */
      warmup: z.number(),
    }),
  ),
});

export const metricEventSchema = z.discriminatedUnion('kind', [stepEvent, epochEvent, statisticsEvent]);
export type MetricEvent = z.infer<typeof metricEventSchema>;
export type StepEvent = z.infer<typeof stepEvent>;
export type EpochEvent = z.infer<typeof epochEvent>;
export type StatisticsEvent = z.infer<typeof statisticsEvent>;
