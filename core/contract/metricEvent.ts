import { z } from 'zod';

const finiteOrNull = z.number().nullable();

/**
 * One training step. `accuracy` is that of the batch. JSON has no NaN: a loss that is not finite is sent as null, and
 * so is the accuracy of a step that ended before it was computed. Both end the run, with this step as its last event.
 * Charts show a gap there.
 */
const stepEvent = z.strictObject({
  kind: z.literal('step'),
  step: z.number().int(),
  epoch: z.number(),
  loss: finiteOrNull,
  accuracy: finiteOrNull,
  lr: z.number(),
  /** Norm of the whole gradient before clipping; absent without clipping. */
  gradientNorm: z.number().optional(),
  imagesPerSecond: z.number(),
  elapsedMs: z.number(),
});

/** The end of an epoch: training means, and validation with frozen statistics. */
const epochEvent = z.strictObject({
  kind: z.literal('epoch'),
  step: z.number().int(),
  epoch: z.number().int(),
  loss: finiteOrNull,
  accuracy: z.number(),
  valLoss: finiteOrNull,
  valAccuracy: z.number().nullable(),
  /**
   * Loss of the raw weights, where `valLoss` and `valAccuracy` are those of their moving average and both are measured.
   */
  rawValLoss: finiteOrNull.optional(),
  rawValAccuracy: z.number().optional(),
  lr: z.number(),
  elapsedMs: z.number(),
});

/**
 * Distance of the running statistics from those of this batch, per BatchNorm block; sent at most a few times a second.
 */
const statisticsEvent = z.strictObject({
  kind: z.literal('statistics'),
  step: z.number().int(),
  layers: z.array(
    // Not strict: files of earlier versions also have `worstDrift` here, which is no longer shown.
    z.object({
      node: z.string(),
      /** Root mean square over channels of (mu_B - mu_run) / sigma_run: `core/batchnorm/drift.ts`. */
      drift: finiteOrNull,
      /** Weight of the initial values (0, 1) in the running statistics: decay^steps. */
      warmup: z.number(),
    }),
  ),
});

export const metricEventSchema = z.discriminatedUnion('kind', [stepEvent, epochEvent, statisticsEvent]);
export type MetricEvent = z.infer<typeof metricEventSchema>;
export type StepEvent = z.infer<typeof stepEvent>;
export type EpochEvent = z.infer<typeof epochEvent>;
export type StatisticsEvent = z.infer<typeof statisticsEvent>;
