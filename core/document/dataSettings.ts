import { z } from 'zod';
import { augmentationSchema } from '../augment/augmentation.ts';

/** How a picture of any size becomes the network's input size. */
export const RESIZE_POLICIES = ['stretch', 'fit', 'cover'] as const;

export const dataSettingsSchema = z.strictObject({
  /** Share of the training folder kept for validation when no validation folder is chosen; stratified by class. */
  validationFraction: z.number().min(0).max(0.9).default(0.1),
  /** `stretch` ignores the aspect, `fit` pads with black, `cover` crops the centre. */
  resize: z.enum(RESIZE_POLICIES).default('stretch'),
  /** Random changes to training pictures; absent: none. Validation, evaluation and prediction never see them. */
  augmentation: augmentationSchema.optional(),
  /** Last chosen folders, as shown to the user; opening them again still needs the host's grant. */
  trainFolder: z.string().nullable().default(null),
  validationFolder: z.string().nullable().default(null),
});

export type DataSettings = z.infer<typeof dataSettingsSchema>;
export type ResizePolicy = DataSettings['resize'];

export function defaultDataSettings(): DataSettings {
  return dataSettingsSchema.parse({});
}
