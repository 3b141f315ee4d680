import { z } from 'zod';
import { EXPORT_FORMATS } from '#core/export/formats.ts';
import { exportFigures } from '#core/contract/exportFigures.ts';
import { messageSchema } from '#core/contract/messageSchema.ts';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';

/** The start data of an export thread. */
export const exportRequestSchema = z.object({
  run: z.string(),
  format: z.enum(EXPORT_FORMATS),
  foldBatchNorm: z.boolean(),
  withPreprocessing: z.boolean(),
  /** The file that the user asked for: named in errors, written by the thread's parent. */
  path: z.string(),
  /** The path to which the thread writes. */
  temporary: z.string(),
  weights: z.enum(['raw', 'ema']).nullable(),
  checkpoint: z.enum(CHECKPOINT_CHOICES),
  cacheFolder: z.string().nullable(),
});
export type ExportThreadRequest = z.infer<typeof exportRequestSchema>;

/** The result of the thread. */
export const exportReportSchema = z.object({
  path: z.string(),
  ...exportFigures,
  notes: z.array(messageSchema),
});
