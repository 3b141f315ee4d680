import { z } from 'zod';
import { RESIZE_POLICIES } from '../document/dataSettings.ts';

/** How a picture becomes the network's input; stored with the run and in every exported file. */
export const preprocessingSchema = z.object({
  height: z.number().int().min(1),
  width: z.number().int().min(1),
  /** 1: grey (ITU-R 601 luma of colour pictures), 3: RGB, grey pictures repeated, transparency over black. */
  channels: z.union([z.literal(1), z.literal(3)]),
  resize: z.enum(RESIZE_POLICIES),
  /** Of the training images, per channel, in byte units 0 to 255: `input = (byte - mean) / deviation`. */
  mean: z.array(z.number()),
  deviation: z.array(z.number().positive()),
});
export type Preprocessing = z.infer<typeof preprocessingSchema>;
