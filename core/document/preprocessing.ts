import { z } from 'zod';
import { ownIssue } from '../diagnostics/schemaIssue.ts';
import { RESIZE_POLICIES } from './dataSettings.ts';
import { message } from '../words/message.ts';

/** Of the Input block. */
const MAX_SIDE = 4096;

const rangeSchema = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => high > low, ownIssue(message('schema.emptyRange')));

/**
 * Which values of deep samples become 0 to 255, taken from the training images; what lies outside is clipped. Absent:
 * 16 bits keep their high byte, and images of other numbers are not read.
 */
const valueRangesSchema = z.object({
  /** Of samples of 16 bits without sign. */
  unsigned16: rangeSchema.optional(),
  /** Of all other samples that are no bytes: with sign, of 32 bits, floating point. */
  number: rangeSchema.optional(),
});
export type ValueRanges = z.infer<typeof valueRangesSchema>;

/** How an image becomes the network's input; stored with the run and in every exported file. */
export const preprocessingSchema = z
  .object({
    height: z.number().int().min(1).max(MAX_SIDE),
    width: z.number().int().min(1).max(MAX_SIDE),
    /** 1: grey (ITU-R 601 luma of colour images), 3: RGB, grey images repeated, transparency over black. */
    channels: z.union([z.literal(1), z.literal(3)]),
    resize: z.enum(RESIZE_POLICIES),
    /** Absent where no training image has samples that need one. */
    ranges: valueRangesSchema.optional(),
    /** Of the training images, per channel, in byte units 0 to 255: `input = (byte - mean) / deviation`. */
    mean: z.array(z.number().min(0).max(255)),
    deviation: z.array(z.number().positive().max(255)),
  })
  .refine(
    ({ channels, mean, deviation }) => mean.length === channels && deviation.length === channels,
    ownIssue(message('schema.meanAndDeviation')),
  );
export type Preprocessing = z.infer<typeof preprocessingSchema>;
