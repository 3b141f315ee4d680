import { z } from 'zod';
import { messageSchema } from './messageSchema.ts';
import { groupRuleSchema } from '../document/groupRule.ts';
import { foldSchema, imageEditsSchema } from '../document/dataSettings.ts';

/** On which side of a split an image is, or why on none: excluded by the project, or a file that cannot be used. */
export const IMAGE_PLACES = ['train', 'validation', 'excluded', 'skipped'] as const;
const imagePlaceSchema = z.enum(IMAGE_PLACES);
export type ImagePlace = z.infer<typeof imagePlaceSchema>;

/** The settings that decide on which side an image is. */
export const imageViewSchema = z.object({
  edits: imageEditsSchema,
  crossValidation: foldSchema.nullable(),
  /** Null: validation images come from a separate folder, so every image here trains. */
  validationFraction: z.number().min(0).max(0.9).nullable(),
  /** Images that stay on one side together; null: each image is assigned by itself. */
  groups: groupRuleSchema.nullable().default(null),
  seed: z.number().int(),
});
export type ImageView = z.infer<typeof imageViewSchema>;

/** Which images to return; absent conditions match all. */
export const imageFilterSchema = z.object({
  className: z.string().optional(),
  place: imagePlaceSchema.optional(),
  /** The shorter side has at most this many pixels. */
  maxSide: z.number().int().min(1).optional(),
  /** Substring of the file's name; case is ignored. */
  text: z.string().max(200).optional(),
});
export type ImageFilter = z.infer<typeof imageFilterSchema>;

export const imageRowSchema = z.object({
  /** Path relative to the folder, with '/'. */
  file: z.string(),
  place: imagePlaceSchema,
  /** The class it is trained as; empty for a skipped file. */
  className: z.string(),
  /** The class from its folder or table, where the project assigned another; else null. */
  givenClass: z.string().nullable(),
  /** Index in the folder's scan; null for a skipped file. */
  index: z.number().int().nullable(),
  width: z.number().int(),
  height: z.number().int(),
  sizeBytes: z.number(),
  format: z.string(),
  /** Why the file was skipped; null for other images. */
  reason: messageSchema.nullable(),
});
export type ImageRow = z.infer<typeof imageRowSchema>;
