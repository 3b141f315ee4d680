import { z } from 'zod';

/**
 * Standard errors relative to what they belong to: of means in deviations, of variances in themselves. Null below two
 * batches.
 */
const relativeErrorSchema = z.object({ mean: z.number().nullable(), variance: z.number().nullable() });

const measureSchema = z.object({ loss: z.number().nullable(), accuracy: z.number() });

/** What a pooled pass has found beside the statistics that it stored; kept with them in the checkpoint. */
export const statisticsPassSchema = z.object({
  batches: z.number().int(),
  /**
   * Batches of one pass over all images; absent in files of older versions. With fewer read, the statistics are an
   * estimate.
   */
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

/**
 * What a measurement read: with all batches its statistics are exact over those images, with fewer they are an
 * estimate.
 */
export type BatchesRead = Pick<StatisticsPass, 'batches' | 'ofBatches' | 'over'>;

/** True for statistics that were measured over some of the batches only. */
export function isEstimate(read: BatchesRead | null | undefined): boolean {
  return read?.ofBatches !== undefined && read.batches < read.ofBatches;
}
