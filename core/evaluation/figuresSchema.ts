import { z } from 'zod';
import type { Figures } from './figures.ts';

const count = z.number().int().nonnegative();
const interval = z.object({ low: z.number(), high: z.number() });
/** `Estimate` as it is stored. */
export const estimateSchema = z.object({
  value: z.number(),
  interval: interval.nullable(),
  method: z.enum(['wilson', 'bootstrap', 'delong']),
});
const means = z.object({
  precision: estimateSchema.nullable(),
  recall: estimateSchema.nullable(),
  f1: estimateSchema.nullable(),
});
const classFigures = z.object({
  class: z.string(),
  support: count,
  decided: count,
  correct: count,
  ...means.shape,
});
const temperature = z.object({
  value: z.number(),
  before: z.number(),
  after: z.number(),
  expectedError: z.number(),
});
const calibration = z.object({
  bins: z
    .array(
      z.object({
        low: z.number(),
        high: z.number(),
        images: count,
        confidence: z.number().nullable(),
        accuracy: estimateSchema.nullable(),
      }),
    )
    .readonly(),
  expectedError: estimateSchema,
  maximumError: z.number(),
  temperature: temperature.nullable(),
});

/** `Figures` as they are stored. */
export const figuresSchema = z.object({
  images: count,
  accuracy: estimateSchema.nullable(),
  topK: z.array(z.object({ k: count, accuracy: estimateSchema.nullable() })).readonly(),
  balancedAccuracy: estimateSchema.nullable(),
  macro: means,
  weighted: means,
  perClass: z.array(classFigures).readonly(),
  rocAuc: estimateSchema.nullable(),
  logLoss: estimateSchema.nullable(),
  calibration: calibration.nullable(),
  notFinite: count,
}) satisfies z.ZodType<Figures>;
