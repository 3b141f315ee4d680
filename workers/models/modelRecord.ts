import { z } from 'zod';
import { MODEL_FORMATS } from '#core/import/foreignModel.ts';

/** `model.json` in a folder of the models folder: a pretrained model that the user has added, or that is shipped. */
export const modelRecordSchema = z.object({
  format: z.literal('normlab-model'),
  version: z.literal(1),
  /** Unique in the models folder, in any case of letters; `--from` takes it. */
  name: z.string().min(1).max(120),
  /** The file to read; the others are beside it. */
  file: z.string().min(1).max(255),
  files: z.array(z.string().min(1).max(255)).min(1),
  /** Of `file`, in lowercase hexadecimal digits. */
  sha256: z.string().length(64),
  /** Of all files together. */
  bytes: z.number().int().nonnegative(),
  modelFormat: z.enum(MODEL_FORMATS),
  architecture: z.string().nullable(),
  /** Values at the output. */
  outputs: z.number().int().positive(),
  /** Where the user got it, and under which licence; null where the user gave none. */
  source: z.string().max(4096).nullable(),
  licence: z.string().max(4096).nullable(),
  /** A file beside it with the text of the licence; absent where there is none. */
  licenceFile: z.string().min(1).max(255).optional(),
  /** How images are prepared for it, in words; absent where nobody wrote it. */
  note: z.string().max(4096).optional(),
  addedAt: z.string(),
});
export type ModelRecord = z.infer<typeof modelRecordSchema>;

export const MODEL_RECORD_FILE = 'model.json';
export const MODEL_LICENCE_FILE = 'LICENCE.txt';
