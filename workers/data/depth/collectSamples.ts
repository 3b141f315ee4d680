import { forEachDeepSample, type ImageFile } from '../decode/ownReader.ts';

/** In files of measurements, larger absolute values mean "no data". */
const NO_DATA = 1e30;

/**
 * About `most` samples of an image of more than 8 bits, spread over the whole image, without NaN, infinities and "no
 * data". Deterministic. Throws `UnreadableImage`.
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
    // Steps of varying length, so that the samples do not come from a single column.
    turn = (turn * 1103515245 + 12345) & 0x7fffffff;
    next += step <= 1 ? 1 : Math.max(1, (turn / 0x7fffffff) * 2 * step);
    if (Math.abs(value) < NO_DATA) found.push(value);
  });
  return found;
}
