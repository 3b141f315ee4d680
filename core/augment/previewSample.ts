import { createAugmenter, type AugmenterOptions } from './augmenter.ts';

/** A preview of augmented training samples, one at a time, for use before a run. */
export interface SamplePreview {
  /** The sample that `sample` is mixed with in `epoch`; -1 when it stays unmixed. */
  partnerOf(epoch: number, sample: number): number;
  /**
   * Returns the bytes `[height, width, channels]` of `sample` (from 0) in `epoch` (from 0), bitwise equal to those of
   * training. `plainOf` returns the unaugmented pixels of a sample; it is called for this sample and for its partner.
   */
  draw(epoch: number, sample: number, plainOf: (sample: number) => Uint8Array): Uint8Array;
}

/** Returns the preview of a run with `samples` training samples. */
export function createPreview(options: AugmenterOptions & { readonly samples: number }): SamplePreview {
  const { augment, mixer, keyOf } = createAugmenter(options);
  const draw = (epoch: number, sample: number, plain: Uint8Array): Uint8Array => {
    const pixels = new Uint8Array(plain.length);
    augment(plain, 0, pixels, 0, epoch, sample);
    return pixels;
  };
  const partnerOf = (epoch: number, sample: number): number =>
    mixer?.partnerOf(keyOf(epoch, sample), options.samples) ?? -1;
  return {
    partnerOf,
    draw: (epoch, sample, plainOf) => {
      const pixels = draw(epoch, sample, plainOf(sample));
      const partner = partnerOf(epoch, sample);
      if (partner >= 0) mixer?.blend(keyOf(epoch, sample), pixels, 0, draw(epoch, partner, plainOf(partner)));
      return pixels;
    },
  };
}
