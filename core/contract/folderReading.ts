import { z } from 'zod';
import { SUBFOLDER_READINGS, tableColumnsSchema } from '../document/dataSettings.ts';

/** How a folder is to be understood, where it could be in more than one way: part of a project's data settings. */
export const folderReadingSchema = z.object({
  columns: tableColumnsSchema,
  subfolders: z.enum(SUBFOLDER_READINGS),
});
export type FolderReading = z.infer<typeof folderReadingSchema>;

/** The parts of a set by the names of their folders. */
export const foundPartsSchema = z.object({
  train: z.string(),
  validation: z.string().nullable(),
  test: z.string().nullable(),
  /** `unlabelled`: a part without the folders of the classes. */
  leftOut: z.array(z.object({ name: z.string(), reason: z.enum(['unlabelled', 'other']) })),
});
export type PartNames = z.infer<typeof foundPartsSchema>;
