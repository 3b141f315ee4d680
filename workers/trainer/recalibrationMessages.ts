import { z } from 'zod';

/** What a recalibration thread is started with; a pass or its undoing. */
export const recalibrationRequestSchema = z.object({
  run: z.string(),
  work: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('measure'), batches: z.number().int().nullable(), cacheFolder: z.string() }),
    z.object({ kind: z.literal('undo') }),
  ]),
});
export type RecalibrationRequest = z.infer<typeof recalibrationRequestSchema>;
