import { z } from 'zod';
import { statisticsPassSchema } from '../batchnorm/statisticsPass.ts';

const MAX_TEXT = 65_536;
const count = z.number().int().nonnegative();

/** Where a run was trained that no trainer of this lab has trained: in `run.json`, and in the state of the run. */
export const originSchema = z.object({
  kind: z.literal('remote'),
  /** Id of the run in its own folder. */
  id: z.string().min(1).max(64),
  /** Number of processes, each with a part of the batch, and of machines. */
  worldSize: z.number().int().positive(),
  nodes: z.number().int().positive(),
  globalBatch: z.number().int().positive(),
  device: z.enum(['cpu', 'cuda']),
  backend: z.enum(['gloo', 'nccl']),
  precision: z.enum(['f32', 'bf16', 'f16']),
  /** Updates that were planned. */
  steps: count,
  /** True for weights that were imported before the end of the training. */
  isSnapshot: z.boolean(),
});
export type RunOrigin = z.infer<typeof originSchema>;

/** What the file of weights from elsewhere says about them; kept in the metadata of the checkpoint. */
export const foreignWeightsSchema = z.object({
  /** Which of the weights it has: those that trained, or their moving average. */
  weights: z.enum(['raw', 'ema']),
  statistics: z.enum(['moving-average', 'exact']),
  /** How much was read for measured statistics. */
  read: statisticsPassSchema.pick({ batches: true, ofBatches: true, over: true }).optional(),
  /** Finished epochs. */
  epochs: count,
  /** Training batches, and for each BatchNorm block those that updated its statistics. */
  batchesSeen: count,
  seenBy: z.record(z.string(), count),
  /** The trained weights that training started from, and the statistics that did not come with them. */
  start: z
    .object({ source: z.string().max(MAX_TEXT), initialized: z.array(z.string().max(MAX_TEXT)) })
    .optional(),
});
export type ForeignWeightsFacts = z.infer<typeof foreignWeightsSchema>;
