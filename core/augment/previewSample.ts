import { createAugmenter, type AugmenterOptions } from './augmenter.ts';

/** Training samples as epochs will see them, one at a time, for looking at before a run. */
export interface SamplePreview {
  /** The sample that `sample` is mixed with in `epoch`; -1 when it stays unmixed. */
  partnerOf(epoch: number, sample: number): number;
  /**
   * The bytes `[height, width, channels]` that a batch of training holds for `sample` (from 0) in `epoch` (from 0).
   * `plainOf` gives the plain pixels of a sample; it is asked for this one and for its partner. The same bits as
   * training's.
   */
  draw(epoch: number, sample: number, plainOf: (sample: number) => Uint8Array): Uint8Array;
}

/** Gives the preview of a run of `samples` training samples. */
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
