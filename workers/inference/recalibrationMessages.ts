import { z } from 'zod';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';

/** The start data of a recalibration thread: a measurement or its undoing. */
export const recalibrationRequestSchema = z.object({
  run: z.string(),
  checkpoint: z.enum(CHECKPOINT_CHOICES).default('last'),
  work: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('measure'), batches: z.number().int().nullable(), cacheFolder: z.string() }),
    z.object({ kind: z.literal('undo') }),
  ]),
});
export type RecalibrationRequest = z.input<typeof recalibrationRequestSchema>;
/** The start data as the thread has parsed it. */
export type RecalibrationTask = z.output<typeof recalibrationRequestSchema>;
