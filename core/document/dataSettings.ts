import { z } from 'zod';
import { ownIssue } from '../diagnostics/schemaIssue.ts';
import { LONGEST_NAME } from './limits.ts';
import { numberSchema } from '../diagnostics/number.ts';
import { groupRuleSchema } from './groupRule.ts';
import { userRecord } from './userRecord.ts';
import { augmentationSchema } from '../augment/augmentation.ts';
import { cropFractionSchema, DEFAULT_CROP_FRACTION } from './crop.ts';
import { CHANNEL_ORDERS, normalizationSchema } from './normalization.ts';
import { message } from '../words/message.ts';

/** How an image of any size becomes the network's input size. */
export const RESIZE_POLICIES = ['stretch', 'fit', 'cover', 'crop'] as const;

/** One fold of a cross-validation: this fold is for validation, the others are for training. */
export const foldSchema = z
  .strictObject({
    folds: numberSchema.int().min(2).max(100),
    /** From 1. */
    fold: numberSchema.int().min(1).max(100),
  })
  .refine(({ folds, fold }) => fold <= folds, ownIssue(message('schema.fewerFolds')));

const imageName = z.string().min(1).max(LONGEST_NAME);

/**
 * Changes of a project to its data set that leave the files unchanged. Names are relative to the training folder, with
 * '/'.
 */
export const imageEditsSchema = z.strictObject({
  excluded: z.array(imageName).default([]),
  /** The new class of an image, by its name. */
  relabelled: userRecord(imageName).default({}),
});

const columnName = z.string().min(1).max(200).nullable().default(null);

/** The columns of a table of labels that hold the file and the class, by header or by number from 1; null: detected. */
export const tableColumnsSchema = z.strictObject({ fileColumn: columnName, labelColumn: columnName });

/**
 * How subfolders are read: `auto` rejects subfolders that look like parts of a data set (train, test), `classes` reads
 * them as classes.
 */
export const SUBFOLDER_READINGS = ['auto', 'classes'] as const;

export const dataSettingsSchema = z.strictObject({
  /** Share of the training folder kept for validation when no validation folder is chosen; stratified by class. */
  validationFraction: numberSchema.min(0).max(0.9).default(0.1),
  /**
   * A fold instead of a share: every image is in the validation part of exactly one fold. Null: `validationFraction` is
   * used.
   */
  crossValidation: foldSchema.nullable().default(null),
  table: tableColumnsSchema.default({ fileColumn: null, labelColumn: null }),
  subfolders: z.enum(SUBFOLDER_READINGS).default('auto'),
  /** Keeps images that belong together on one side of the split and of every fold. */
  groups: groupRuleSchema.nullable().default(null),
  edits: imageEditsSchema.default({ excluded: [], relabelled: {} }),
  /**
   * `stretch` ignores the aspect ratio, `fit` pads with black, `cover` keeps as much of the centre as possible, `crop`
   * resizes the shorter side to more than the input and crops the centre.
   */
  resize: z.enum(RESIZE_POLICIES).default('stretch'),
  /** Part of the resized image's side that `crop` keeps; absent: 0.875. */
  cropFraction: cropFractionSchema.optional(),
  /** Mean and deviation that normalize the input; absent: those of the training images. */
  normalization: normalizationSchema.optional(),
  /** Order of the color channels at the network's input; absent: `rgb`. */
  channelOrder: z.enum(CHANNEL_ORDERS).optional(),
  /** Random changes to training images; absent: none. Validation, evaluation and prediction never see them. */
  augmentation: augmentationSchema.optional(),
  /** Last chosen folders, as shown to the user; opening them again still needs the host's grant. */
  trainFolder: z.string().max(LONGEST_NAME).nullable().default(null),
  validationFolder: z.string().max(LONGEST_NAME).nullable().default(null),
});

export type DataSettings = z.infer<typeof dataSettingsSchema>;
export type TableColumns = z.infer<typeof tableColumnsSchema>;
export type SubfolderReading = DataSettings['subfolders'];
export type Fold = z.infer<typeof foldSchema>;
export type ImageEdits = z.infer<typeof imageEditsSchema>;
export type ResizePolicy = DataSettings['resize'];

/** The part of the settings that places an image in the input; the fraction is present for `crop` only. */
export function resizeOf({ resize, cropFraction }: Pick<DataSettings, 'resize' | 'cropFraction'>): {
  resize: ResizePolicy;
  cropFraction?: number;
} {
  return resize === 'crop' ? { resize, cropFraction: cropFraction ?? DEFAULT_CROP_FRACTION } : { resize };
}

export function defaultDataSettings(): DataSettings {
  return dataSettingsSchema.parse({});
}
