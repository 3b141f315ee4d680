import { z } from 'zod';
import { FINDING_CODES, FINDING_SEVERITIES } from '../export/exportFinding.ts';
import { messageSchema } from './messageSchema.ts';

const count = z.number().int().nonnegative();

/** `ExportFinding` of `core/export/exportFinding.ts`. */
const findingSchema = z.object({
  code: z.enum(FINDING_CODES),
  severity: z.enum(FINDING_SEVERITIES),
  node: z.string(),
  tensor: z.string().nullable(),
  channels: z.array(count),
  count,
  of: count,
  message: messageSchema,
  hint: messageSchema.nullable(),
});

/** What an export would do with each BatchNorm block, and what is worth knowing about the weights before it. */
export const normPreviewSchema = z.object({
  /** Errors first. */
  findings: z.array(findingSchema),
  /** In the graph's order. */
  blocks: z.array(
    z.object({
      node: z.string(),
      /** The user's label, or the kind's title. */
      name: z.string(),
      channels: count,
      /** The layer that folding puts it into; null where it stays. */
      into: z.string().nullable(),
      /** True where that layer comes after the block. */
      isForward: z.boolean(),
      reason: messageSchema,
      /** Largest `|gamma| / sqrt(variance + epsilon)`, and its channel; null where none is finite. */
      factor: z.number().nullable(),
      channel: count,
    }),
  ),
});
export type NormPreview = z.infer<typeof normPreviewSchema>;

/** How far the logits of a folded network are from those of the network itself, both in float32. */
const foldDifferenceSchema = z.object({
  maxAbsDiff: z.number(),
  /** `maxAbsDiff` divided by the largest logit. */
  relativeDiff: z.number(),
  /** Share of the images for which both predict the same class, 0 to 1. */
  top1Agreement: z.number(),
  /** What an export accepts as the effect of rounding. */
  tolerance: z.number(),
});
export type FoldDifference = z.infer<typeof foldDifferenceSchema>;

/** The measured effect of folding. */
export const foldMeasurementSchema = z.object({
  /** Images of the comparison of the whole network. */
  images: count,
  /** Images of the comparison of each block. */
  blockImages: count,
  /** True for generated noise, where no image could be read. */
  generated: z.boolean(),
  /** All foldable blocks folded; null where none is. */
  whole: foldDifferenceSchema.nullable(),
  /** Each foldable block folded alone. */
  blocks: z.array(foldDifferenceSchema.extend({ node: z.string() })),
});
export type FoldMeasurement = z.infer<typeof foldMeasurementSchema>;
