import type { DecisionHistory } from './decisionHistory.ts';

/** What a network learned and forgot about one image, epoch by epoch. */
export interface Forgetting {
  readonly image: number;
  /** Number of epochs after which the image was wrong, right after one at which it was right. */
  readonly events: number;
  /** The first epoch after which it was right; null: it was never learned. */
  readonly learnedAt: number | null;
  /** Right after the best epoch, and wrong after the last one. */
  readonly isLost: boolean;
  /** Whether it was right, epoch by epoch. */
  readonly right: readonly boolean[];
}

/** Totals over all images. */
export interface ForgettingSummary {
  readonly images: number;
  readonly epochs: readonly number[];
  /** The best epoch, where it is one of them; else null. */
  readonly bestEpoch: number | null;
  /** Images that were learned and never forgotten: right after every epoch from the first one on. */
  readonly unforgettable: number;
  readonly forgotten: number;
  readonly neverLearned: number;
  readonly lost: number;
}

/**
 * Forgetting events (Toneva et al. 2019, arXiv 1812.05159, definitions 3.1 and 3.2) of validation images, counted from
 * one validation to the next. `bestEpoch`: the epoch whose weights the run keeps as its best, or null. Images without
 * an event that were learned are left out. The order: lost images first, then those with the most events, then those
 * that were never learned.
 */
export function findForgotten(
  history: DecisionHistory,
  bestEpoch: number | null,
): { readonly images: readonly Forgetting[]; readonly summary: ForgettingSummary } {
  const bestAt = bestEpoch === null ? -1 : history.epochs.indexOf(bestEpoch);
  const images: Forgetting[] = [];
  for (let image = 0; image < history.count; image += 1) {
    const found = forgettingOf(history, image, bestAt);
    if (found !== null) images.push(found);
  }
  const [forgotten, neverLearned, lost] = [
    images.filter(({ events }) => events > 0).length,
    images.filter(({ learnedAt }) => learnedAt === null).length,
    images.filter(({ isLost }) => isLost).length,
  ];
  images.sort((a, b) => Number(b.isLost) - Number(a.isLost) || b.events - a.events || a.image - b.image);
  const summary = {
    ...{ images: history.count, epochs: history.epochs, bestEpoch: bestAt < 0 ? null : bestEpoch },
    ...{ unforgettable: history.count - forgotten - neverLearned, forgotten, neverLearned, lost },
  };
  return { images, summary };
}

/** Null for an image that was learned and never forgotten. */
function forgettingOf(
  { labels, epochs, decided }: DecisionHistory,
  image: number,
  bestAt: number,
): Forgetting | null {
  let events = 0;
  let learnedAt: number | null = null;
  let before = false;
  decided.forEach((classes, at) => {
    const isRight = classes[image] === labels[image];
    if (before && !isRight) events += 1;
    if (isRight) learnedAt ??= epochs[at] ?? null;
    before = isRight;
  });
  if (events === 0 && learnedAt !== null) return null;
  const right = decided.map((classes) => classes[image] === labels[image]);
  const isLost = bestAt >= 0 && right[bestAt] === true && right.at(-1) === false;
  return { image, events, learnedAt, isLost, right };
}
