import { z } from 'zod';

const sizeVoteSchema = z.object({
  /** In pixels: the most frequent value if more than half of the images have it, else the lower median. */
  value: z.number().int(),
  /** Number of images with this value. */
  images: z.number().int(),
  least: z.number().int(),
  most: z.number().int(),
});

/**
 * The network input that the images of a folder suggest: channels, height and width are each decided by a vote of the
 * images.
 */
export const inputVoteSchema = z.object({
  images: z.number().int(),
  colourImages: z.number().int(),
  /** 3 where at least half of the images are in color, else 1. */
  channels: z.union([z.literal(1), z.literal(3)]),
  height: sizeVoteSchema,
  width: sizeVoteSchema,
});
export type InputVote = z.infer<typeof inputVoteSchema>;
export type SizeVote = z.infer<typeof sizeVoteSchema>;

/** The input of a network, and what its training images suggest. */
export const inputDecisionSchema = z.object({
  channels: z.number().int(),
  height: z.number().int(),
  width: z.number().int(),
  vote: inputVoteSchema,
});
export type InputDecision = z.infer<typeof inputDecisionSchema>;

/** Number of images that lose their color in this network; 0 where its input has color. */
export function lostColour({ channels, vote }: InputDecision): number {
  return channels === 1 ? vote.colourImages : 0;
}
