import { z } from 'zod';
import { normStatisticsSchema } from '#core/contract/normStatistics.ts';
import { threadMessageSchema } from './threadEnd.ts';

/** What a recalibration thread is started with; a pass or its undoing. */
export const recalibrationRequestSchema = z.object({
  run: z.string(),
  work: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('measure'), batches: z.number().int().nullable(), cacheFolder: z.string() }),
    z.object({ kind: z.literal('undo') }),
  ]),
});
export type RecalibrationRequest = z.infer<typeof recalibrationRequestSchema>;

/** To the thread: end without a change. */
export const recalibrationCommandSchema = z.literal('cancel');

const progressSchema = z.object({ label: z.string(), done: z.number(), total: z.number().nullable() });
export type RecalibrationProgress = z.infer<typeof progressSchema>;

/** From the thread; at its end, what the run stores now. */
export const recalibrationMessageSchema = threadMessageSchema(progressSchema, normStatisticsSchema);
export type RecalibrationMessage = z.infer<typeof recalibrationMessageSchema>;
