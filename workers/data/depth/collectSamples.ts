import { forEachDeepSample, type ImageFile } from '../decode/ownReader.ts';

/** Larger numbers, of either sign, stand for "no data" in files of measurements. */
const NO_DATA = 1e30;

/**
 * Up to about `most` samples of an image deeper than bytes, spread over all of it; without those that are no numbers.
 * The same ones each time. Throws `UnreadableImage`.
 */
export async function collectSamples(file: ImageFile, most: number): Promise<number[]> {
  const { width, height, channels } = file.header;
  const step = (width * height * channels) / most;
  const found: number[] = [];
  let passed = 0;
  let next = 0;
  let turn = 0;
  await forEachDeepSample(file, (value) => {
    if (passed++ < next) return;
    // Steps of uneven length, so that they never keep to a column.
    turn = (turn * 1103515245 + 12345) & 0x7fffffff;
    next += step <= 1 ? 1 : Math.max(1, (turn / 0x7fffffff) * 2 * step);
    if (Math.abs(value) < NO_DATA) found.push(value);
  });
  return found;
}
