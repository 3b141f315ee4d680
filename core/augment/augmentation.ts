import { z } from 'zod';
import { valuesSchema, type ValuesOf } from './definition.ts';
import { TRANSFORM_NAMES, transformOf, type TransformName, type TRANSFORMS } from './registry.ts';
import { BORDERS } from './warp.ts';

type TransformSchemas = {
  readonly [N in TransformName]: z.ZodOptional<z.ZodType<ValuesOf<(typeof TRANSFORMS)[N]['fields']>>>;
};

/** Augmentation of the training images: the transforms that are present are applied in the order of the registry. */
export const augmentationSchema = z.strictObject({
  /** The values of pixels beyond the edge of the image. */
  border: z.enum(BORDERS).default('black'),
  ...(Object.fromEntries(
    TRANSFORM_NAMES.map((name) => [name, valuesSchema(transformOf(name)).optional()]),
  ) as TransformSchemas),
});

export type Augmentation = z.infer<typeof augmentationSchema>;

export const NO_AUGMENTATION: Augmentation = { border: 'black' };

/**
 * Returns `NO_AUGMENTATION` when no transform is switched on, since the border then has no effect; otherwise the
 * settings.
 */
export function effectiveAugmentation(augmentation: Augmentation | undefined): Augmentation {
  return augmentation === undefined || activeTransforms(augmentation).length === 0
    ? NO_AUGMENTATION
    : augmentation;
}

/** The transforms that are switched on, in the order in which they are applied; none for absent settings. */
export function activeTransforms(augmentation: Augmentation | undefined): readonly TransformName[] {
  return augmentation === undefined ? [] : TRANSFORM_NAMES.filter((name) => augmentation[name] !== undefined);
}
