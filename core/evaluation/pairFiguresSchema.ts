import { z } from 'zod';
import { estimateSchema } from './figuresSchema.ts';
import type { PairFigures } from './pairFigures.ts';

const count = z.number().int().nonnegative();
const paired = z.object({
  ...estimateSchema.shape,
  method: z.enum(['newcombe', 'bootstrap']),
});
const counts = z.object({ both: count, onlyFirst: count, onlySecond: count, neither: count });
const side = z.object({ accuracy: estimateSchema.nullable(), logLoss: estimateSchema.nullable() });

/** `PairFigures` as they travel between processes. */
export const pairFiguresSchema = z.object({
  ...{ images: count, onlyInFirst: count, onlyInSecond: count, relabelled: count },
  ...{ first: side, second: side },
  accuracyDifference: paired.nullable(),
  logLossDifference: paired.nullable(),
  right: counts,
  mcnemar: z.object({
    method: z.enum(['exact', 'corrected']),
    statistic: z.number().nullable(),
    pValue: z.number(),
  }),
  agreement: estimateSchema.nullable(),
  kappa: paired.nullable(),
  probabilityGap: z.object({ mean: z.number(), largest: z.number() }).nullable(),
  perClass: z
    .array(
      z.object({
        ...{ class: z.string(), support: count, ...counts.shape },
        first: estimateSchema.nullable(),
        second: estimateSchema.nullable(),
        difference: paired.nullable(),
      }),
    )
    .readonly(),
  notFinite: count,
}) satisfies z.ZodType<PairFigures>;
