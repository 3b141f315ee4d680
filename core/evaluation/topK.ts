import { shareOf, type Estimate } from './estimate.ts';
import type { ImageScores } from './imageScores.ts';

/** Top-k accuracy: the share of images whose true class is among the `k` classes with the largest logits. */
export interface TopK {
  readonly k: number;
  readonly accuracy: Estimate | null;
}

/**
 * Among equal logits the first class counts as the larger one, as for the decided class, so that k = 1 gives the
 * accuracy. With `k` at or above the number of classes it is 1.
 */
export function topKOf({ rank, count }: Pick<ImageScores, 'rank' | 'count'>, k: number): TopK {
  const hits = rank.reduce((sum, before) => sum + (before < k ? 1 : 0), 0);
  return { k, accuracy: shareOf(hits, count) };
}
