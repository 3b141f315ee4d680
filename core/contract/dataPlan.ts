import { z } from 'zod';
import { cropFractionSchema } from '../document/crop.ts';
import { RESIZE_POLICIES } from '../document/dataSettings.ts';
import { CHANNEL_ORDERS, normalizationSchema } from '../document/normalization.ts';
import { groupRuleSchema } from '../document/groupRule.ts';
import { inputDecisionSchema } from './inputVote.ts';
import { messageSchema } from './messageSchema.ts';

/** How groups of images were split: all images of a group are on one side. */
const groupSplitSchema = z.object({
  rule: groupRuleSchema,
  groups: z.number().int(),
  validationGroups: z.number().int(),
  /** Images without a group; each is assigned by itself. */
  ungrouped: z.number().int(),
  /** The validation share that was requested, and the one that whole groups allow; both 0 to 1. */
  asked: z.number(),
  share: z.number(),
  /** Classes without validation images, since one group holds all their images. */
  trainOnly: z.array(z.string()),
});
export type GroupSplit = z.infer<typeof groupSplitSchema>;

/** A column by its header, or by its number, as a message, where the table has no header. */
const columnSchema = z.union([z.string(), messageSchema]);
export type ColumnName = z.infer<typeof columnSchema>;

/** How a table of labels was interpreted. */
export const tableUseSchema = z.object({
  path: z.string(),
  header: z.array(z.string()),
  fileColumn: columnSchema,
  /** The class columns of a one-hot table, else one. */
  labelColumns: z.array(columnSchema),
});
export type TableUse = z.infer<typeof tableUseSchema>;

/** How images become the network's input, by the settings of the project. */
const preparationSchema = z.object({
  resize: z.enum(RESIZE_POLICIES),
  cropFraction: cropFractionSchema.optional(),
  /** Absent: measured on the training images. */
  normalization: normalizationSchema.optional(),
  channelOrder: z.enum(CHANNEL_ORDERS).optional(),
});
export type Preparation = z.infer<typeof preparationSchema>;

/** What was decided about the data of a run, and why. */
export const dataPlanSchema = z.object({
  input: inputDecisionSchema.nullable(),
  groups: groupSplitSchema.nullable(),
  table: tableUseSchema.nullable(),
  /** Absent in the results of older versions. */
  preparation: preparationSchema.optional(),
});
export type DataPlan = z.infer<typeof dataPlanSchema>;
