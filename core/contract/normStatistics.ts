import { z } from 'zod';
import { CHECKPOINT_CHOICES } from '../training/bestEpoch.ts';

/** Standard errors relative to what they belong to: of means in deviations, of variances in themselves. Null below two batches. */
const relativeErrorSchema = z.object({ mean: z.number().nullable(), variance: z.number().nullable() });

const measureSchema = z.object({ loss: z.number().nullable(), accuracy: z.number() });

/** What a pooled pass has found beside the statistics that it stored; kept with them in the checkpoint. */
export const statisticsPassSchema = z.object({
  batches: z.number().int(),
  /** Batches of one pass over all images; absent in files of older versions. With fewer read, the statistics are an estimate. */
  ofBatches: z.number().int().optional(),
  images: z.number().int(),
  /** Which images: a part of the run's own, or all of a folder that was named; absent in files of older versions. */
  over: z.enum(['training', 'validation', 'folder']).optional(),
  /** Passes over the images; more than one where a block leans on what those before it store. */
  passes: z.number().int(),
  /** Of each block measured: root mean square over channels, and the worst channel. */
  errors: z.array(z.object({ node: z.string(), typical: relativeErrorSchema, worst: relativeErrorSchema })),
  /** How the network does with the former and with the exact statistics; null where nobody measured it. */
  judged: z
    .object({
      /** On which images: a part of the run's own, or a folder that was named. */
      on: z.enum(['train', 'validation', 'folder']),
      before: measureSchema,
      after: measureSchema,
    })
    .nullable(),
});
export type StatisticsPass = z.infer<typeof statisticsPassSchema>;

/** What a measurement read: with all batches its statistics are exact over those images, with fewer they are an estimate. */
export type BatchesRead = Pick<StatisticsPass, 'batches' | 'ofBatches' | 'over'>;

/** True for statistics that were measured over some of the batches only. */
export function isEstimate(read: BatchesRead | null | undefined): boolean {
  return read?.ofBatches !== undefined && read.batches < read.ofBatches;
}

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
  /** Of the last checkpoint, or of the best epoch. */
  checkpoint: z.enum(CHECKPOINT_CHOICES).optional(),
  kind: z.enum(['moving-average', 'exact']),
  /** Of exact ones, how they were found; null for moving ones, and where the file does not tell. */
  pass: statisticsPassSchema.nullable(),
  blocks: z.array(
    z.object({
      node: z.string(),
      /** The user's label, or the kind's title. */
      name: z.string(),
      channels: z.number().int(),
      /** False for a frozen block: it keeps what it stores. */
      isMeasurable: z.boolean(),
      /** Training batches that moved its statistics; 0: they are as they began, unless they were measured. */
      batchesSeen: z.number().int().optional(),
      /** Mean over channels. */
      variance: z.number(),
      /** From the moving to the exact statistics; null while the moving ones are in place, and for frozen blocks. */
      change: changeSchema.nullable(),
    }),
  ),
});
export type NormStatistics = z.infer<typeof normStatisticsSchema>;
