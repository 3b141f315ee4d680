import { z } from 'zod';
import { RUN_POLICIES } from '../nodes/batchNormPolicies.ts';
import { policyRowSchema } from '../training/policyRows.ts';
import { messageSchema } from './messageSchema.ts';

const place = z.string().min(1).max(65_536);
const policy = z.enum(RUN_POLICIES);

/** Name of the file in the folder of a comparison; each run has a folder beside it, named after its policy. */
export const COMPARISON_FILE = 'comparison.json';

/** `comparison.json`: a comparison of BatchNorm policies, its settings and its table so far. */
export const comparisonSchema = z.object({
  format: z.literal('normlab-comparison'),
  version: z.literal(1),
  id: z.string().min(1).max(64),
  createdAt: z.string(),
  /** The project of all runs, as its JSON text; each run differs from it only by its policy. */
  project: z.string(),
  data: z.object({
    trainFolder: place,
    validationFolder: place.nullable(),
    /** Table of labels. */
    labels: place.nullable(),
    /** Run whose split was reused. */
    splitFrom: place.nullable(),
    testFolder: place.nullable(),
  }),
  /** The trained weights, where they are not those of the project. */
  from: place.nullable(),
  policies: z.array(policy).min(1),
  rows: z.array(policyRowSchema),
  /** Runs that ended with an error. */
  failures: z.array(z.object({ policy, reason: messageSchema })),
  /** What the table says. */
  verdict: messageSchema,
});
export type Comparison = z.infer<typeof comparisonSchema>;
