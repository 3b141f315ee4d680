import type { Augmentation } from '#core/augment/augmentation.ts';
import { createAugmenter } from '#core/augment/augmenter.ts';
import type { Picture, PictureSize } from '#core/augment/picture.ts';

/** A picture as the host decoded it, with what normalizes it. */
export interface SamplePicture extends PictureSize {
  readonly file: string;
  readonly className: string;
  readonly index: number;
  readonly pixels: Uint8Array;
  /** Per channel, in byte units. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** The picture as `count` epochs from `firstEpoch` (from 0) on would see it, by the same code that training runs; mixup and CutMix mix with `partner`. */
export function variantsOf(
  sample: SamplePicture,
  partner: Uint8Array,
  augmentation: Augmentation,
  seed: number,
  firstEpoch: number,
  count: number,
): Picture[] {
  const { height, width, channels, mean } = sample;
  const { augment, mixer, keyOf } = createAugmenter({ augmentation, seed, mean, height, width, channels });
  const other = new Uint8Array(sample.pixels.length);
  return Array.from({ length: count }, (_, at) => {
    const pixels = new Uint8Array(sample.pixels.length);
    const epoch = firstEpoch + at;
    augment(sample.pixels, 0, pixels, 0, epoch, sample.index);
    const key = keyOf(epoch, sample.index);
    if (mixer !== null && mixer.partnerOf(key, 1) >= 0) {
      augment(partner, 0, other, 0, epoch, sample.index + 1);
      mixer.blend(key, pixels, 0, other);
    }
    return { height, width, channels, pixels };
  });
}

export interface ChannelFigures {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** What the network gets, per channel: `(byte - mean) / deviation`. */
export function tensorFigures(
  { pixels, channels }: Picture,
  mean: readonly number[],
  deviation: readonly number[],
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

/** RGBA as a canvas takes it. */
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
