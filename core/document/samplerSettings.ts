import { z } from 'zod';
import { numberSchema } from '../diagnostics/number.ts';
import { userRecord } from './userRecord.ts';

/**
 * Which images an epoch trains on, and how often each. `all`: every image once. `balanced`: every class equally often.
 * `weighted`: the images of a class are drawn in proportion to the weight of the class; a class that is not named has
 * weight 1. The length of an epoch is the same in each case.
 */
export const samplerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('balanced') }),
  z.strictObject({
    kind: z.literal('weighted'),
    /** Weights by class name; 0 excludes a class. */
    weights: userRecord(numberSchema.min(0).max(1000)).default({}),
  }),
]);

/** Every sampler, in display order. */
export const SAMPLER_KINDS = samplerSchema.options.map(({ shape }) => shape.kind.value);

export type SamplerSettings = z.infer<typeof samplerSchema>;
