import { z } from 'zod';

/** Standard errors relative to what they belong to: of means in deviations, of variances in themselves. Null below two batches. */
const relativeErrorSchema = z.object({ mean: z.number().nullable(), variance: z.number().nullable() });

/** What a pooled pass has found beside the statistics that it stored. */
export const statisticsPassSchema = z.object({
  batches: z.number().int(),
  images: z.number().int(),
  /** Passes over the images; more than one where a block leans on what those before it store. */
  passes: z.number().int(),
  /** Of each block measured: root mean square over channels, and the worst channel. */
  errors: z.array(z.object({ node: z.string(), typical: relativeErrorSchema, worst: relativeErrorSchema })),
  /** What the network is measured on with the former and with the exact statistics. */
  part: z.enum(['train', 'validation']),
  before: z.object({ loss: z.number().nullable(), accuracy: z.number() }),
  after: z.object({ loss: z.number().nullable(), accuracy: z.number() }),
});
export type StatisticsPass = z.infer<typeof statisticsPassSchema>;

/** Exact statistics against the moving ones; units in `core/batchnorm/statisticsChange.ts`. */
const changeSchema = z.object({
  mean: z.object({ typical: z.number(), worst: z.number(), worstChannel: z.number().int() }),
  variance: z.object({
    before: z.number(),
    after: z.number(),
    worstFactor: z.number(),
    worstChannel: z.number().int(),
  }),
});

/** The stored BatchNorm statistics of a run, as its checkpoint has them. */
export const normStatisticsSchema = z.object({
  /** Whose they are: of the weights as trained, or of their moving average. */
  weights: z.enum(['raw', 'ema']),
  kind: z.enum(['moving-average', 'exact']),
  blocks: z.array(
    z.object({
      node: z.string(),
      /** The user's label, or the kind's title. */
      name: z.string(),
      channels: z.number().int(),
      /** False for a frozen block: it keeps what it stores. */
      isMeasurable: z.boolean(),
      /** Mean over channels. */
      variance: z.number(),
      /** From the moving to the exact statistics; null while the moving ones are in place, and for frozen blocks. */
      change: changeSchema.nullable(),
    }),
  ),
});
export type NormStatistics = z.infer<typeof normStatisticsSchema>;
