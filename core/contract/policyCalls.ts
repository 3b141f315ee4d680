import { z } from 'zod';
import { PROJECT_LIMITS } from '../document/limits.ts';
import { RUN_POLICIES } from '../nodes/batchNormPolicies.ts';
import { grant } from './callFields.ts';
import { runName } from './runAbout.ts';

const seriesId = z.string().min(1).max(64);
const policy = z.enum(RUN_POLICIES);

/** A comparison of BatchNorm policies whose runs have not all ended. */
export const liveComparisonSchema = z.object({
  seriesId,
  /** Id of the project. */
  projectId: z.string().nullable(),
  policies: z.array(policy),
  /** Those whose run has not begun, in their order. */
  waiting: z.array(policy),
});
export type LiveComparison = z.infer<typeof liveComparisonSchema>;

/** Calls about comparisons of BatchNorm policies. Their runs are ordinary ones, with the comparison in their state. */
export const POLICY_CALLS = {
  /**
   * Trains one run for each policy, one after another. Returns once the first has begun; `comparison` events tell how
   * it goes on. While it lasts, no other run starts. Stopping its run ends it.
   */
  'policies.start': {
    params: z.object({
      project: z.string().max(PROJECT_LIMITS.textLength),
      train: grant,
      validation: grant.nullable(),
      epochs: z.number().int().min(1).max(100_000),
      runs: z
        .array(z.object({ policy, name: runName }))
        .min(1)
        .max(RUN_POLICIES.length)
        .refine((runs) => new Set(runs.map((run) => run.policy)).size === runs.length),
    }),
    result: z.object({ seriesId }),
  },
  /** The comparison that goes on; null where there is none. */
  'policies.state': { params: z.object({}), result: liveComparisonSchema.nullable() },
  /** Stops the run that trains, with its state saved, and drops those that wait. */
  'policies.cancel': { params: z.object({ seriesId }), result: z.object({}) },
} as const;
