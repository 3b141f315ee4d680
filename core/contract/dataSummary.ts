import { z } from 'zod';
import { tableUseSchema } from './dataPlan.ts';
import { inputVoteSchema } from './inputVote.ts';
import { messageSchema } from './messageSchema.ts';

/** What a training run would use of a folder: the result of `normlab inspect --json` and of the Data panel's scan. */
export const dataSummarySchema = z.object({
  classes: z.array(z.object({ name: z.string(), count: z.number().int() })),
  images: z.number().int(),
  skipped: z.array(z.object({ file: z.string(), reason: messageSchema })),
  warnings: z.array(messageSchema),
  /** Table that holds the classes; null where the subfolders are the classes. */
  labels: z.string().nullable().default(null),
  /** How that table was interpreted. */
  table: tableUseSchema.nullable().optional(),
  /** Size (after EXIF rotation) and channels to suggest for an Input block; null for an empty folder. */
  typical: z.object({ height: z.number(), width: z.number(), channels: z.number() }).nullable(),
  /** The vote that `typical` comes from. */
  input: inputVoteSchema.optional(),
});
const fileChangesSchema = z.object({ count: z.number().int(), examples: z.array(z.string()) });

/** What a second scan of a folder found changed. */
export const scanChangesSchema = z.object({
  added: fileChangesSchema,
  changed: fileChangesSchema,
  removed: fileChangesSchema,
});
export type ScanChanges = z.infer<typeof scanChangesSchema>;

export type DataSummary = z.infer<typeof dataSummarySchema>;
