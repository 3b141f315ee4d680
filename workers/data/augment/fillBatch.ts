import { createAugmenter, type Augmenter } from '#core/augment/augmenter.ts';
import { openReader } from './imageReader.ts';
import type { AugmentRequest, AugmentSetup } from './augmentJob.ts';

/** Returns a function that fills batches with augmented images; it throws what `ImageReader.find` throws. */
export function batchFiller(setup: AugmentSetup): (request: AugmentRequest) => void {
  const { height, width, channels } = setup.augmenter;
  const sampleBytes = height * width * channels;
  const reader = openReader(setup.pictures.store, sampleBytes);
  const augmenter = createAugmenter(setup.augmenter);
  const other = new Uint8Array(sampleBytes);
  const draw = (sample: number, epoch: number, into: Uint8Array, at: number): void => {
    const offset = reader.find(setup.pictures.slotOf[sample] ?? 0);
    augmenter.augment(reader.bytes, offset, into, at, epoch, sample);
  };
  return (request) => {
    const { indices, epoch } = request;
    const into = new Uint8Array(request.images);
    const mixing = openMixing(setup, augmenter, request);
    for (let at = 0; at < indices.length; at += 1) {
      const sample = indices[at] ?? 0;
      draw(sample, epoch, into, at * sampleBytes);
      const partner = mixing.partnerOf(sample);
      if (partner >= 0) draw(partner, epoch, other, 0);
      mixing.label(at, sample, partner, into, at * sampleBytes, other);
    }
  };
}

interface Mixing {
  partnerOf(sample: number): number;
  /** Writes the label at position `at` of the batch, and mixes in `other` when there is a partner. */
  label(
    at: number,
    sample: number,
    partner: number,
    into: Uint8Array,
    offset: number,
    other: Uint8Array,
  ): void;
}

function openMixing(
  { labels }: AugmentSetup,
  { mixer, keyOf }: Augmenter,
  { epoch, labels: firstOut, mix }: AugmentRequest,
): Mixing {
  const first = new Int32Array(firstOut);
  const second = mix === null ? null : new Int32Array(mix.labels);
  const shares = mix === null ? null : new Float32Array(mix.shares);
  return {
    partnerOf: (sample) => mixer?.partnerOf(keyOf(epoch, sample), labels.length) ?? -1,
    label: (at, sample, partner, into, offset, other) => {
      const share =
        partner < 0 || mixer === null ? 1 : mixer.blend(keyOf(epoch, sample), into, offset, other);
      const [own, others] = [labels[sample] ?? 0, labels[partner] ?? labels[sample] ?? 0];
      const isMostlyOwn = share >= 0.5;
      first[at] = isMostlyOwn ? own : others;
      if (second === null || shares === null) return;
      second[at] = isMostlyOwn ? others : own;
      shares[at] = isMostlyOwn ? share : 1 - share;
    },
  };
}
