import { z } from 'zod';
import { valuesSchema } from './definition.ts';
import { TRANSFORM_NAMES, TRANSFORMS, type TransformName } from './registry.ts';
import { BORDERS } from './warp.ts';

/** What training does to pictures before the network sees them: the transforms that are present act, in the registry's order. */
export const augmentationSchema = z.strictObject({
  /** What shows where a picture was moved away from its edge. */
  border: z.enum(BORDERS).default('black'),
  randomResizedCrop: valuesSchema(TRANSFORMS.randomResizedCrop).optional(),
  horizontalFlip: valuesSchema(TRANSFORMS.horizontalFlip).optional(),
  verticalFlip: valuesSchema(TRANSFORMS.verticalFlip).optional(),
  shear: valuesSchema(TRANSFORMS.shear).optional(),
  scale: valuesSchema(TRANSFORMS.scale).optional(),
  rotate: valuesSchema(TRANSFORMS.rotate).optional(),
  shift: valuesSchema(TRANSFORMS.shift).optional(),
  randAugment: valuesSchema(TRANSFORMS.randAugment).optional(),
  colorJitter: valuesSchema(TRANSFORMS.colorJitter).optional(),
  grayscale: valuesSchema(TRANSFORMS.grayscale).optional(),
  blur: valuesSchema(TRANSFORMS.blur).optional(),
  noise: valuesSchema(TRANSFORMS.noise).optional(),
  cutout: valuesSchema(TRANSFORMS.cutout).optional(),
  mixup: valuesSchema(TRANSFORMS.mixup).optional(),
  cutmix: valuesSchema(TRANSFORMS.cutmix).optional(),
});

export type Augmentation = z.infer<typeof augmentationSchema>;

export const NO_AUGMENTATION: Augmentation = { border: 'black' };

/** The same settings where nothing that means nothing is kept: `NO_AUGMENTATION` when no transform is switched on. */
export function effectiveAugmentation(augmentation: Augmentation | undefined): Augmentation {
  return augmentation === undefined || activeTransforms(augmentation).length === 0
    ? NO_AUGMENTATION
    : augmentation;
}

/** The transforms that are switched on, in order of action; none for absent settings. */
export function activeTransforms(augmentation: Augmentation | undefined): readonly TransformName[] {
  return augmentation === undefined ? [] : TRANSFORM_NAMES.filter((name) => augmentation[name] !== undefined);
}
