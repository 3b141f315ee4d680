import type { Augmentation } from '#core/augment/augmentation.ts';
import { createPreview } from '#core/augment/previewSample.ts';
import type { Picture, ImageSize } from '#core/augment/image.ts';
import { must } from '#core/diagnostics/invariantError.ts';

/** The values that normalize the training images of a run, per channel in byte units. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** False: estimated from some of the images. */
  readonly isExact: boolean;
}

/** Training samples as the host decoded them, numbered as a run numbers them. */
export interface Samples extends ImageSize, Normalization {
  /** Number of samples of the run. */
  readonly count: number;
  /** Plain pixels of the fetched samples. */
  readonly plain: ReadonlyMap<number, Uint8Array>;
}

/** The range of epochs in which a sample is shown. */
interface EpochRow {
  readonly sample: number;
  readonly firstEpoch: number;
  readonly epochs: number;
}

/** The samples that mixup or CutMix mixes into these images. */
export function partnersOf(
  samples: Samples,
  augmentation: Augmentation,
  seed: number,
  row: EpochRow,
): number[] {
  const preview = createPreview({ augmentation, seed, ...samples, samples: samples.count });
  const partners = epochsOf(row).map((epoch) => preview.partnerOf(epoch, row.sample));
  return [...new Set(partners)].filter((partner) => partner >= 0);
}

/**
 * The sample as each epoch of the range will see it, bit for bit, computed by the code that training runs; null until
 * all images it needs are fetched.
 */
export function variantsOf(
  samples: Samples,
  augmentation: Augmentation,
  seed: number,
  row: EpochRow,
): Picture[] | null {
  const { height, width, channels, plain } = samples;
  const needed = [row.sample, ...partnersOf(samples, augmentation, seed, row)];
  if (needed.some((sample) => !plain.has(sample))) return null;
  const preview = createPreview({ augmentation, seed, ...samples, samples: samples.count });
  const plainOf = (sample: number): Uint8Array => must(plain.get(sample), `sample ${sample}`);
  return epochsOf(row).map((epoch) => ({
    height,
    width,
    channels,
    pixels: preview.draw(epoch, row.sample, plainOf),
  }));
}

function epochsOf({ firstEpoch, epochs }: EpochRow): number[] {
  return Array.from({ length: epochs }, (_, at) => firstEpoch + at);
}

interface ChannelFigures {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** The input of the network, per channel: `(byte - mean) / deviation`. */
export function tensorFigures(
  { pixels, channels }: Picture,
  { mean, deviation }: Pick<Normalization, 'mean' | 'deviation'>,
): ChannelFigures[] {
  return Array.from({ length: channels }, (_, channel) => {
    let [min, max, sum, count] = [255, 0, 0, 0];
    for (let at = channel; at < pixels.length; at += channels) {
      const value = pixels[at] ?? 0;
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      count += 1;
    }
    const normalize = (value: number): number => (value - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
    return { min: normalize(min), max: normalize(max), mean: normalize(sum / count) };
  });
}

/** The pixels as RGBA, the format of a canvas. */
export function toRgba({ pixels, channels }: Picture): Uint8ClampedArray<ArrayBuffer> {
  const count = pixels.length / channels;
  const rgba = new Uint8ClampedArray(count * 4);
  for (let pixel = 0; pixel < count; pixel += 1) {
    for (let colour = 0; colour < 3; colour += 1)
      rgba[pixel * 4 + colour] = pixels[pixel * channels + (channels === 3 ? colour : 0)] ?? 0;
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}
