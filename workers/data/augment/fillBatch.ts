import { createAugmenter } from '#core/augment/augmenter.ts';
import { openReader } from './pictureReader.ts';
import type { AugmentRequest, AugmentSetup } from './augmentJob.ts';

/** Gives what fills batches with augmented pictures; it throws what `PictureReader.find` throws. */
export function batchFiller({ augmenter, pictures }: AugmentSetup): (request: AugmentRequest) => void {
  const { height, width, channels } = augmenter;
  const sampleBytes = height * width * channels;
  const reader = openReader(pictures.store, sampleBytes);
  const { augment } = createAugmenter(augmenter);
  return ({ indices, epoch, images }) => {
    const into = new Uint8Array(images);
    for (let at = 0; at < indices.length; at += 1) {
      const sample = indices[at] ?? 0;
      const offset = reader.find(pictures.slotOf[sample] ?? 0);
      augment(reader.bytes, offset, into, at * sampleBytes, epoch, sample);
    }
  };
}
