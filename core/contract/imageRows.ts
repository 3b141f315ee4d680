import { z } from 'zod';
import { messageSchema } from './messageSchema.ts';
import { groupRuleSchema } from '../document/groupRule.ts';
import { foldSchema, imageEditsSchema } from '../document/dataSettings.ts';

/** On which side of a run an image stands, or why on none: left out by the project, or a file that cannot be used. */
export const IMAGE_PLACES = ['train', 'validation', 'excluded', 'skipped'] as const;
const imagePlaceSchema = z.enum(IMAGE_PLACES);
export type ImagePlace = z.infer<typeof imagePlaceSchema>;

/** What decides the side of an image. */
export const imageViewSchema = z.object({
  edits: imageEditsSchema,
  crossValidation: foldSchema.nullable(),
  /** Null: validation images come from a folder of their own, so that every image trains. */
  validationFraction: z.number().min(0).max(0.9).nullable(),
  /** Images that stay on one side together; null: each by itself. */
  groups: groupRuleSchema.nullable().default(null),
  seed: z.number().int(),
});
export type ImageView = z.infer<typeof imageViewSchema>;

/** Which images are wanted; absent conditions hold for all. */
export const imageFilterSchema = z.object({
  className: z.string().optional(),
  place: imagePlaceSchema.optional(),
  /** Shorter side at most this many pixels. */
  maxSide: z.number().int().min(1).optional(),
  /** Part of the file's name, whatever the case. */
  text: z.string().max(200).optional(),
});
export type ImageFilter = z.infer<typeof imageFilterSchema>;

export const imageRowSchema = z.object({
  /** Relative to the folder, with '/'. */
  file: z.string(),
  place: imagePlaceSchema,
  /** The class it counts as; empty for a skipped file. */
  className: z.string(),
  /** The class that its folder or table gives, when the project gave it another. */
  givenClass: z.string().nullable(),
  /** Number in the folder's scan; null for a skipped file. */
  index: z.number().int().nullable(),
  width: z.number().int(),
  height: z.number().int(),
  sizeBytes: z.number(),
  format: z.string(),
  /** Of a skipped file. */
  reason: messageSchema.nullable(),
});
export type ImageRow = z.infer<typeof imageRowSchema>;
