import { z } from 'zod';

const sizeVoteSchema = z.object({
  /** In pixels: the value of most images, or the lower median where no value has more than half of them. */
  value: z.number().int(),
  /** Images that have it. */
  images: z.number().int(),
  least: z.number().int(),
  most: z.number().int(),
});

/**
 * What the images of a folder say of the network's input: channels, height and width are each decided by the share of
 * images.
 */
export const inputVoteSchema = z.object({
  images: z.number().int(),
  colourImages: z.number().int(),
  /** 3 where at least half of the images are in colour, else 1. */
  channels: z.union([z.literal(1), z.literal(3)]),
  height: sizeVoteSchema,
  width: sizeVoteSchema,
});
export type InputVote = z.infer<typeof inputVoteSchema>;
export type SizeVote = z.infer<typeof sizeVoteSchema>;

/** The input of a network beside what its training images say of it. */
export const inputDecisionSchema = z.object({
  channels: z.number().int(),
  height: z.number().int(),
  width: z.number().int(),
  vote: inputVoteSchema,
});
export type InputDecision = z.infer<typeof inputDecisionSchema>;

/** How many images lose their colour in this network; 0 where it takes colour. */
export function lostColour({ channels, vote }: InputDecision): number {
  return channels === 1 ? vote.colourImages : 0;
}
