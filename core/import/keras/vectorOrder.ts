/**
 * The order of a vector's values in a Keras file, against ours. Keras flattens an image row by row with the channels of
 * a pixel together (H, W, C), NormLab channel by channel (C, H, W). A vector is made of runs, one after the other; a
 * run of one pixel or one channel has the same order in both.
 */
export type VectorOrder = readonly FlattenedImage[];

interface FlattenedImage {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** A vector of so many values in the same order in both. */
export function plainOrder(size: number): VectorOrder {
  return [{ channels: size, height: 1, width: 1 }];
}

function orderSize(order: VectorOrder): number {
  return order.reduce((sum, { channels, height, width }) => sum + channels * height * width, 0);
}

/** True where both have the same order. */
export function isPlain(order: VectorOrder): boolean {
  return order.every(({ channels, height, width }) => channels === 1 || height * width === 1);
}

export function isSameOrder(one: VectorOrder, other: VectorOrder): boolean {
  if (isPlain(one) && isPlain(other)) return orderSize(one) === orderSize(other);
  const text = (order: VectorOrder): string =>
    order.map(({ channels, height, width }) => `${channels},${height},${width}`).join(';');
  return text(one) === text(other);
}

/** For each of our values, its index in the file; null where the order is the same. */
export function fileIndices(order: VectorOrder): Int32Array | null {
  if (isPlain(order)) return null;
  const indices = new Int32Array(orderSize(order));
  let start = 0;
  for (const { channels, height, width } of order) {
    const pixels = height * width;
    for (let channel = 0; channel < channels; channel += 1)
      for (let pixel = 0; pixel < pixels; pixel += 1)
        indices[start + channel * pixels + pixel] = start + pixel * channels + channel;
    start += channels * pixels;
  }
  return indices;
}
