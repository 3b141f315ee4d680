import { z } from 'zod';

/** An HDF5 file that a thread reads to see whether it can be read. */
export const trialRequestSchema = z.object({
  bytes: z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
  fileName: z.string(),
});
export type TrialRequest = z.infer<typeof trialRequestSchema>;
