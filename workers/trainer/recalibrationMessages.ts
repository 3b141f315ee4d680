import { z } from 'zod';
import { normStatisticsSchema } from '#core/contract/normStatistics.ts';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';
import { threadMessageSchema } from './threadEnd.ts';

/** What a recalibration thread is started with; a pass or its undoing. */
export const recalibrationRequestSchema = z.object({
  run: z.string(),
  checkpoint: z.enum(CHECKPOINT_CHOICES).default('last'),
  work: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('measure'), batches: z.number().int().nullable(), cacheFolder: z.string() }),
    z.object({ kind: z.literal('undo') }),
  ]),
});
export type RecalibrationRequest = z.input<typeof recalibrationRequestSchema>;

/** To the thread: end without a change. */
export const recalibrationCommandSchema = z.literal('cancel');

const progressSchema = z.object({ label: z.string(), done: z.number(), total: z.number().nullable() });
export type RecalibrationProgress = z.infer<typeof progressSchema>;

/** From the thread; at its end, what the run stores now. */
export const recalibrationMessageSchema = threadMessageSchema(progressSchema, normStatisticsSchema);
export type RecalibrationMessage = z.infer<typeof recalibrationMessageSchema>;
