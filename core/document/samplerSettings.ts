import { z } from 'zod';
import { numberSchema } from '../diagnostics/number.ts';
import { userRecord } from './userRecord.ts';

/**
 * Which images an epoch trains on, and how often each. `all`: every image once. `balanced`: every class equally often.
 * `weighted`: an image of a class comes up in proportion to the class's weight; a class that is not named has weight 1.
 * An epoch keeps its length in each case.
 */
export const samplerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('balanced') }),
  z.strictObject({
    kind: z.literal('weighted'),
    /** By class name; 0 leaves a class out. */
    weights: userRecord(numberSchema.min(0).max(1000)).default({}),
  }),
]);

/** Every sampler, in the order in which they are offered. */
export const SAMPLER_KINDS = samplerSchema.options.map(({ shape }) => shape.kind.value);

export type SamplerSettings = z.infer<typeof samplerSchema>;
