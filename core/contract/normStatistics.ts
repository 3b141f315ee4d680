import { z } from 'zod';
import { statisticsPassSchema } from '../batchnorm/statisticsPass.ts';
import { CHECKPOINT_CHOICES } from '../training/bestEpoch.ts';

/** Change from the running to the exact statistics; units in `core/batchnorm/statisticsChange.ts`. */
const changeSchema = z.object({
  mean: z.object({ typical: z.number(), worst: z.number(), worstChannel: z.number().int() }),
  variance: z.object({
    before: z.number(),
    after: z.number(),
    worstFactor: z.number(),
    worstChannel: z.number().int(),
  }),
});

/** The BatchNorm statistics stored in the checkpoint of a run. */
export const normStatisticsSchema = z.object({
  /** The weights that they belong to: as trained, or their moving average. */
  weights: z.enum(['raw', 'ema']),
  /** The checkpoint that they are from: the last one, or that of the best epoch. */
  checkpoint: z.enum(CHECKPOINT_CHOICES).optional(),
  kind: z.enum(['moving-average', 'exact']),
  /** How exact statistics were measured; null for moving averages, and where the file does not say. */
  pass: statisticsPassSchema.nullable(),
  blocks: z.array(
    z.object({
      node: z.string(),
      /** The user's label, or the kind's title. */
      name: z.string(),
      channels: z.number().int(),
      /** False for a frozen block: its statistics do not change. */
      isMeasurable: z.boolean(),
      /**
       * Number of training batches that updated its statistics. 0: they have their initial values, unless they were
       * measured.
       */
      batchesSeen: z.number().int().optional(),
      /** Mean over channels. */
      variance: z.number(),
      /**
       * Change from the moving to the exact statistics; null while the moving ones are in use, and for frozen blocks.
       */
      change: changeSchema.nullable(),
    }),
  ),
});
export type NormStatistics = z.infer<typeof normStatisticsSchema>;
