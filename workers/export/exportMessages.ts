import { z } from 'zod';
import { EXPORT_FORMATS } from '#core/export/formats.ts';
import { messageSchema } from '#core/contract/messageSchema.ts';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';

/** What an export thread is started with. */
export const exportRequestSchema = z.object({
  run: z.string(),
  format: z.enum(EXPORT_FORMATS),
  foldBatchNorm: z.boolean(),
  /** The file that the user asked for: named in errors, written by whoever started the thread. */
  path: z.string(),
  /** Where the thread writes. */
  temporary: z.string(),
  weights: z.enum(['raw', 'ema']).nullable(),
  checkpoint: z.enum(CHECKPOINT_CHOICES),
  cacheFolder: z.string().nullable(),
});
export type ExportThreadRequest = z.infer<typeof exportRequestSchema>;

/** What it gives. */
export const exportReportSchema = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  maxAbsDiff: z.number(),
  top1Agreement: z.number(),
  notes: z.array(messageSchema),
});
