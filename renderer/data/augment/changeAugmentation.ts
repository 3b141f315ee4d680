import { augmentationSchema, type Augmentation } from '#core/augment/augmentation.ts';
import type { TransformName } from '#core/augment/registry.ts';

/** Enables a transform, with its defaults. */
export function withTransform(augmentation: Augmentation, name: TransformName): Augmentation {
  return augmentationSchema.parse({ ...augmentation, [name]: {} });
}

/** Disables a transform. */
export function withoutTransform(augmentation: Augmentation, name: TransformName): Augmentation {
  const { [name]: _, ...rest } = augmentation;
  return rest;
}

/**
 * Shifts in pixels and shifts as a share have very different sizes, so a change of unit resets the range to its
 * default.
 */
const SHIFT_REACH = { px: 4, fraction: 0.125 } as const;

/** Sets one value of an enabled transform. */
export function withField(
  augmentation: Augmentation,
  name: TransformName,
  field: string,
  value: number | string,
): Augmentation {
  const reach = name === 'shift' && field === 'unit' ? SHIFT_REACH[value === 'px' ? 'px' : 'fraction'] : null;
  const changed = {
    ...augmentation[name],
    [field]: value,
    ...(reach === null ? {} : { x: reach, y: reach }),
  };
  return augmentationSchema.parse({ ...augmentation, [name]: changed });
}
