import { z } from 'zod';
import { messageSchema } from '#core/contract/messageSchema.ts';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';

/** The start data of a thread that classifies a folder into a CSV file. */
export const classifyFolderSchema = z.object({
  /** The folder of the run. */
  run: z.string(),
  checkpoint: z.enum(CHECKPOINT_CHOICES).optional(),
  /** The folder of images. */
  images: z.string(),
  /** The CSV file. */
  file: z.string(),
  topK: z.number().int(),
  overwrite: z.boolean(),
  cacheFolder: z.string(),
});
export type ClassifyFolder = z.input<typeof classifyFolderSchema>;

export const classifiedFolderSchema = z.object({
  classified: z.number(),
  failed: z.number(),
  failures: z.array(messageSchema),
});
export type ClassifiedFolder = z.infer<typeof classifiedFolderSchema>;
