import type { PairScores } from './pairScores.ts';

/**
 * Images on which two networks differ.
 * - onlySecond, onlyFirst: only this network gives the true class.
 * - bothWrong: both give a wrong class, but not the same.
 */
export const PAIR_LISTS = ['onlySecond', 'onlyFirst', 'bothWrong'] as const;
export type PairList = (typeof PAIR_LISTS)[number];

/**
 * The numbers, among the common images, of the images of a list: those with the largest |difference of the true class's
 * probability| first, equal ones in the order of the images.
 */
export function differingImages(scores: PairScores, list: PairList, most = Infinity): Uint32Array {
  const { labels, first, second } = scores;
  const isIn = (image: number): boolean => {
    const isFirst = first.decided[image] === labels[image];
    const isSecond = second.decided[image] === labels[image];
    if (list === 'onlyFirst') return isFirst && !isSecond;
    if (list === 'onlySecond') return !isFirst && isSecond;
    return !isFirst && !isSecond && first.decided[image] !== second.decided[image];
  };
  return Uint32Array.from(labels.keys())
    .filter(isIn)
    .sort((a, b) => gapOf(scores, b) - gapOf(scores, a) || a - b)
    .slice(0, Math.min(most, labels.length));
}

/** |difference of the true class's probability|; 0 where it is not a number, so that the order stays one. */
function gapOf({ first, second }: PairScores, image: number): number {
  const gap = Math.abs((first.ownProbability[image] ?? NaN) - (second.ownProbability[image] ?? NaN));
  return Number.isNaN(gap) ? 0 : gap;
}
