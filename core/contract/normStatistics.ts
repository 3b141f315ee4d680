import { z } from 'zod';
import { statisticsPassSchema } from '../batchnorm/statisticsPass.ts';
import { CHECKPOINT_CHOICES } from '../training/bestEpoch.ts';

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
