import { z } from 'zod';
import { ownIssue } from '../diagnostics/schemaIssue.ts';
import { cropFractionSchema } from './crop.ts';
import { RESIZE_POLICIES } from './dataSettings.ts';
import { NORMALIZATION_LIMITS } from './normalization.ts';
import { message } from '../words/message.ts';

/** Largest height and width of the Input block. */
const MAX_SIDE = 4096;

const rangeSchema = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => high > low, ownIssue(message('schema.emptyRange')));

/**
 * The ranges of sample values that are mapped to 0 to 255, measured over the training images; values outside are
 * clipped. Absent: 16-bit samples keep their high byte, and other sample types cannot be read.
 */
const valueRangesSchema = z.object({
  /** Range of unsigned 16-bit samples. */
  unsigned16: rangeSchema.optional(),
  /** Range of all other samples wider than a byte or signed: signed, 32-bit, floating point. */
  number: rangeSchema.optional(),
});
export type ValueRanges = z.infer<typeof valueRangesSchema>;

/** Everything between an image file and the network's input; stored with the run and in every exported file. */
export const preprocessingSchema = z
  .object({
    height: z.number().int().min(1).max(MAX_SIDE),
    width: z.number().int().min(1).max(MAX_SIDE),
    /**
     * 1: grey (ITU-R 601 luma of color images). 3: RGB; grey images are repeated. Transparent images are blended over
     * black.
     */
    channels: z.union([z.literal(1), z.literal(3)]),
    resize: z.enum(RESIZE_POLICIES),
    /** With `crop` only; absent: 0.875. */
    cropFraction: cropFractionSchema.optional(),
    /** Absent when no training image has samples that need a range. */
    ranges: valueRangesSchema.optional(),
    /** The network's input is B, G, R; absent: R, G, B. */
    channelOrder: z.literal('bgr').optional(),
    /**
     * Of the training images, or given by the project; per channel of the network's input, in byte units:
     * `input = (byte - mean) / deviation`.
     */
    mean: z.array(z.number().min(-NORMALIZATION_LIMITS.mean).max(NORMALIZATION_LIMITS.mean)),
    deviation: z.array(z.number().positive().max(NORMALIZATION_LIMITS.deviation)),
  })
  .refine(
    ({ channels, mean, deviation }) => mean.length === channels && deviation.length === channels,
    ownIssue(message('schema.meanAndDeviation')),
  );
export type Preprocessing = z.infer<typeof preprocessingSchema>;
