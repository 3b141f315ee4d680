import type { TrainedModel } from '#core/export/trainedModel.ts';
import { resample } from '../../data/pixels/resample.ts';
import type { Pace } from '../../threads/pace.ts';
import { noise, type Samples, type SizedImage } from './samples.ts';

/** Factors of the network's width and height: smaller and larger, wide and tall images are always compared. */
export const NOISE_SIZES = [
  [0.6, 0.45],
  [2.35, 1.3],
  [1.2, 3.15],
] as const;

/**
 * Samples for a file that resizes images itself: the given images in their own sizes, then noise in `NOISE_SIZES`. As
 * `bytes` they are resized to the network's input by NormLab. Throws what `pace` throws.
 */
export async function samplesInOwnSizes(
  model: TrainedModel,
  given: readonly SizedImage[],
  pace?: Pace,
): Promise<Samples> {
  const { height, width, channels } = model.preprocessing;
  const images = [...given, ...noiseImages(model)];
  const resized: Uint8Array[] = [];
  for (const image of images) {
    resized.push(resizedTo(model, image));
    await pace?.settle();
  }
  return {
    ...{ count: images.length, height, width, channels, images },
    bytes: new Uint8Array(Buffer.concat(resized)),
    generated: given.length === 0,
  };
}

function noiseImages({ preprocessing }: TrainedModel): SizedImage[] {
  return NOISE_SIZES.map(([across, down]) => {
    const width = Math.max(1, Math.round(preprocessing.width * across));
    const height = Math.max(1, Math.round(preprocessing.height * down));
    return { width, height, pixels: noise(width * height * preprocessing.channels) };
  });
}

function resizedTo({ preprocessing }: TrainedModel, { width, height, pixels }: SizedImage): Uint8Array {
  const { channels } = preprocessing;
  const upright = { width, height, shownWidth: width, shownHeight: height, channels, pixels };
  return resample(upright, preprocessing);
}
