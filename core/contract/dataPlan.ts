import { z } from 'zod';
import { groupRuleSchema } from '../document/groupRule.ts';
import { inputDecisionSchema } from './inputVote.ts';

/** How groups of images were divided: no group stands on both sides. */
const groupSplitSchema = z.object({
  rule: groupRuleSchema,
  groups: z.number().int(),
  validationGroups: z.number().int(),
  /** Images without a group; each is divided by itself. */
  ungrouped: z.number().int(),
  /** Share of the images asked for validation, and the one that whole groups allow; both 0 to 1. */
  asked: z.number(),
  share: z.number(),
  /** Classes that never validate, since one group holds all their images. */
  trainOnly: z.array(z.string()),
});
export type GroupSplit = z.infer<typeof groupSplitSchema>;

/** Where a table of labels was understood: its columns by their headers, or by `column N` where it has no header. */
export const tableUseSchema = z.object({
  path: z.string(),
  header: z.array(z.string()),
  fileColumn: z.string(),
  /** The class columns of a one-hot table, else one. */
  labelColumns: z.array(z.string()),
});
export type TableUse = z.infer<typeof tableUseSchema>;

/** What was decided about the data of a run, and from what. */
export const dataPlanSchema = z.object({
  input: inputDecisionSchema.nullable(),
  groups: groupSplitSchema.nullable(),
  table: tableUseSchema.nullable(),
});
export type DataPlan = z.infer<typeof dataPlanSchema>;
