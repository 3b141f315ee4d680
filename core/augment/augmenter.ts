import { must } from '../diagnostics/invariantError.ts';
import { Affine } from './affine.ts';
import { activeTransforms, type Augmentation } from './augmentation.ts';
import type { Fields, Transform, ValuesOf } from './definition.ts';
import { Draws, sampleKey } from './draws.ts';
import { createMixer, type Mixer } from './mix.ts';
import { createWorkspace, type ImageSize } from './image.ts';
import { transformOf } from './registry.ts';
import { warp } from './warp.ts';

export interface AugmenterOptions extends ImageSize {
  readonly augmentation: Augmentation;
  /** Seed of the run. */
  readonly seed: number;
  /** Mean of the training images per channel, in byte units; the color of the border `mean`. */
  readonly mean: readonly number[];
}

/** Creates the training images of one run; `augment` allocates no memory. */
export interface Augmenter {
  /**
   * Writes sample `sample` as it is in epoch `epoch` (both from 0) at `intoOffset` of `into`, from its unaugmented
   * pixels `[height, width, channels]` at `offset` of `source`. The same call always writes the same bytes.
   */
  augment(
    source: Uint8Array,
    offset: number,
    into: Uint8Array,
    intoOffset: number,
    epoch: number,
    sample: number,
  ): void;
  /** Null when neither mixup nor CutMix is switched on. */
  readonly mixer: Mixer | null;
  /** The random key of a sample, which `mixer` takes. */
  keyOf(epoch: number, sample: number): number;
}

interface Step {
  readonly transform: Transform;
  readonly values: ValuesOf<Fields>;
}

/**
 * Returns the augmenter for the given settings. All geometric transforms of an image are composed into one affine map,
 * which is sampled once; transforms of colors and pixels follow in the order of the registry.
 */
export function createAugmenter(options: AugmenterOptions): Augmenter {
  const { augmentation, seed, height, width, channels, mean } = options;
  const steps: readonly Step[] = activeTransforms(augmentation).map((name) => ({
    transform: transformOf(name),
    values: must(augmentation[name], `settings of ${name}`),
  }));
  const placing = steps.filter(({ transform }) => transform.place !== undefined);
  const painting = steps.filter(({ transform }) => transform.paint !== undefined);
  const size = { height, width, channels };
  const workspace = createWorkspace(size, mean);
  const image = { ...size, pixels: new Uint8Array(height * width * channels) };
  const surroundings = { border: augmentation.border, fill: workspace.mean };
  const map = new Affine();
  const draws = new Draws();
  return {
    mixer: createMixer(augmentation, size, draws),
    keyOf: (epoch, sample) => sampleKey(seed, epoch, sample),
    augment: (source, offset, into, intoOffset, epoch, sample) => {
      const key = sampleKey(seed, epoch, sample);
      map.reset();
      for (const { transform, values } of placing)
        if (isDrawn(draws, key, transform, values)) transform.place?.(values, draws, map, size);
      warp(source, offset, image.pixels, size, map, surroundings);
      for (const { transform, values } of painting)
        if (isDrawn(draws, key, transform, values)) transform.paint?.(values, draws, image, workspace);
      into.set(image.pixels, intoOffset);
    },
  };
}

/**
 * Opens the random stream of the transform. The first draw decides whether the transform is applied; without a
 * probability it always is.
 */
function isDrawn(draws: Draws, key: number, { salt }: Transform, values: ValuesOf<Fields>): boolean {
  draws.open(key, salt);
  const { probability } = values;
  return draws.chance(typeof probability === 'number' ? probability : 1);
}
