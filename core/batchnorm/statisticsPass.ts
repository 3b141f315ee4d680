import { z } from 'zod';

/**
 * Relative standard errors: those of means in units of the standard deviation, those of variances in units of the
 * variance. Null below two batches.
 */
const relativeErrorSchema = z.object({ mean: z.number().nullable(), variance: z.number().nullable() });

const measureSchema = z.object({ loss: z.number().nullable(), accuracy: z.number() });

/** The results of a pass that measures exact statistics, besides the statistics; kept with them in the checkpoint. */
export const statisticsPassSchema = z.object({
  batches: z.number().int(),
  /**
   * Number of batches in one pass over all images; absent in files of older versions. When fewer were read, the
   * statistics are an estimate.
   */
  ofBatches: z.number().int().optional(),
  images: z.number().int(),
  /**
   * The images measured: a part of the run's data set, or all images of a folder that the user named; absent in files
   * of older versions.
   */
  over: z.enum(['training', 'validation', 'folder']).optional(),
  /**
   * Number of passes over the images; more than one when a block depends on the running statistics of the blocks before
   * it.
   */
  passes: z.number().int(),
  /** For each measured block: the root mean square over channels, and the worst channel. */
  errors: z.array(z.object({ node: z.string(), typical: relativeErrorSchema, worst: relativeErrorSchema })),
  /** Loss and accuracy of the network with the former and with the exact statistics; null when not measured. */
  judged: z
    .object({
      /** The images evaluated: a part of the run's data set, or a folder that the user named. */
      on: z.enum(['train', 'validation', 'folder']),
      before: measureSchema,
      after: measureSchema,
    })
    .nullable(),
});
export type StatisticsPass = z.infer<typeof statisticsPassSchema>;

/**
 * How much a measurement read. With all batches the statistics are exact over those images, with fewer they are an
 * estimate.
 */
export type BatchesRead = Pick<StatisticsPass, 'batches' | 'ofBatches' | 'over'>;

/** True for statistics that were measured over only some of the batches. */
export function isEstimate(read: BatchesRead | null | undefined): boolean {
  return read?.ofBatches !== undefined && read.batches < read.ofBatches;
}
