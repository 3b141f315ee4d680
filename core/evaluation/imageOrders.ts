import type { ImageScores } from './imageScores.ts';

/**
 * An order in which images are looked at.
 * - wrong: images with another class than the true one, that with the largest log loss first.
 * - unsure: all images, that with the least probability of its class first.
 * - sure: images with the true class, that with the least log loss first.
 */
export const IMAGE_ORDERS = ['wrong', 'unsure', 'sure'] as const;
export type ImageOrder = (typeof IMAGE_ORDERS)[number];

/** The numbers of the first `most` images in an order; equal ones in the order of the images. One whose key is
 * not a number, from a logit that is not finite, counts as the most wrong, the least sure. */
export function firstImages(scores: ImageScores, order: ImageOrder, most = Infinity): Uint32Array {
  const { labels, decided, logLoss, confidence } = scores;
  const isRight = (image: number): boolean => labels[image] === decided[image];
  const wanted = {
    wrong: { isIn: (image: number) => !isRight(image), key: (image: number) => -(logLoss[image] ?? NaN) },
    unsure: { isIn: () => true, key: (image: number) => confidence[image] ?? NaN },
    sure: { isIn: isRight, key: (image: number) => logLoss[image] ?? NaN },
  }[order];
  const images = Uint32Array.from(labels.keys()).filter(wanted.isIn);
  const keys = new Float64Array(labels.length);
  const undefinedKey = order === 'sure' ? Infinity : -Infinity;
  for (const image of images) {
    const key = wanted.key(image);
    keys[image] = Number.isNaN(key) ? undefinedKey : key;
  }
  return images
    .sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b)
    .slice(0, Math.min(most, labels.length));
}
