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
  /** Of the run. */
  readonly seed: number;
  /** Of the training images, per channel in byte units: the border `mean`. */
  readonly mean: readonly number[];
}

/** Makes the images that one run trains on; allocates nothing from image to image. */
export interface Augmenter {
  /**
   * Writes sample `sample` as epoch `epoch` sees it (both from 0) at `intoOffset` of `into`, from its plain pixels
   * `[height, width, channels]` at `offset` of `source`. The same call always gives the same bytes.
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
  /** What `mixer` wants to know of a sample. */
  keyOf(epoch: number, sample: number): number;
}

interface Step {
  readonly transform: Transform;
  readonly values: ValuesOf<Fields>;
}

/**
 * Gives the augmenter of some settings. All geometric transforms of an image are composed into one affine map, sampled
 * once; what changes colours and pixels follows in the order of the registry.
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
  const picture = { ...size, pixels: new Uint8Array(height * width * channels) };
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
      warp(source, offset, picture.pixels, size, map, surroundings);
      for (const { transform, values } of painting)
        if (isDrawn(draws, key, transform, values)) transform.paint?.(values, draws, picture, workspace);
      into.set(picture.pixels, intoOffset);
    },
  };
}

/** Opens the transform's stream; its first draw decides whether it acts. Without a probability it always does. */
function isDrawn(draws: Draws, key: number, { salt }: Transform, values: ValuesOf<Fields>): boolean {
  draws.open(key, salt);
  const { probability } = values;
  return draws.chance(typeof probability === 'number' ? probability : 1);
}
