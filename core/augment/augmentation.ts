import { z } from 'zod';
import { valuesSchema, type ValuesOf } from './definition.ts';
import { TRANSFORM_NAMES, transformOf, type TransformName, type TRANSFORMS } from './registry.ts';
import { BORDERS } from './warp.ts';

type TransformSchemas = {
  readonly [N in TransformName]: z.ZodOptional<z.ZodType<ValuesOf<(typeof TRANSFORMS)[N]['fields']>>>;
};

/**
 * What training does to images before the network sees them: the transforms that are present act, in the registry's
 * order.
 */
export const augmentationSchema = z.strictObject({
  /** What shows where an image was moved away from its edge. */
  border: z.enum(BORDERS).default('black'),
  ...(Object.fromEntries(
    TRANSFORM_NAMES.map((name) => [name, valuesSchema(transformOf(name)).optional()]),
  ) as TransformSchemas),
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
