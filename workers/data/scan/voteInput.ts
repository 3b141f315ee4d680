import type { InputVote, SizeVote } from '#core/contract/inputVote.ts';

/** The properties of an image that a vote uses. */
type Sizes = Iterable<{ readonly height: number; readonly width: number; readonly channels: number }>;

/**
 * Decides channels, height and width of an input by a vote of the images, each property separately, so that different
 * sizes do not split the vote on colour. A size without a majority is the lower median. Sizes are upright, in pixels.
 * Null without an image.
 */
export function voteInput(images: Sizes): InputVote | null {
  const heights = new Map<number, number>();
  const widths = new Map<number, number>();
  let count = 0;
  let colourImages = 0;
  for (const { height, width, channels } of images) {
    count += 1;
    if (channels === 3) colourImages += 1;
    heights.set(height, (heights.get(height) ?? 0) + 1);
    widths.set(width, (widths.get(width) ?? 0) + 1);
  }
  if (count === 0) return null;
  return {
    images: count,
    colourImages,
    channels: colourImages * 2 >= count ? 3 : 1,
    height: voteSize(heights, count),
    width: voteSize(widths, count),
  };
}

function voteSize(counts: ReadonlyMap<number, number>, total: number): SizeVote {
  const sizes = [...counts.keys()].sort((a, b) => a - b);
  const imagesOf = (size: number): number => counts.get(size) ?? 0;
  const winner = sizes.find((size) => imagesOf(size) * 2 > total) ?? lowerMedian(sizes, imagesOf, total);
  return { value: winner, images: imagesOf(winner), least: sizes[0] ?? winner, most: sizes.at(-1) ?? winner };
}

/** The smallest size that at least half of the images do not exceed. */
function lowerMedian(sizes: readonly number[], imagesOf: (size: number) => number, total: number): number {
  let before = 0;
  for (const size of sizes) {
    before += imagesOf(size);
    if (before * 2 >= total) return size;
  }
  return sizes.at(-1) ?? 0;
}
