import { z } from 'zod';
import { SUBFOLDER_READINGS, tableColumnsSchema } from '../document/dataSettings.ts';

/** How to interpret a folder that can be read in more than one way; part of a project's data settings. */
export const folderReadingSchema = z.object({
  columns: tableColumnsSchema,
  subfolders: z.enum(SUBFOLDER_READINGS),
});
export type FolderReading = z.infer<typeof folderReadingSchema>;

/** The parts of a data set by their folder names. */
export const foundPartsSchema = z.object({
  train: z.string(),
  validation: z.string().nullable(),
  test: z.string().nullable(),
  /** `unlabelled`: a part without class folders. */
  leftOut: z.array(z.object({ name: z.string(), reason: z.enum(['unlabelled', 'other']) })),
});
export type PartNames = z.infer<typeof foundPartsSchema>;
