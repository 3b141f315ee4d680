import { augmentationSchema, type Augmentation } from '#core/augment/augmentation.ts';
import type { TransformName } from '#core/augment/registry.ts';

/** Switches a transform on, with its defaults. */
export function withTransform(augmentation: Augmentation, name: TransformName): Augmentation {
  return augmentationSchema.parse({ ...augmentation, [name]: {} });
}

/** Switches a transform off. */
export function withoutTransform(augmentation: Augmentation, name: TransformName): Augmentation {
  const { [name]: _, ...rest } = augmentation;
  return rest;
}

/** Shifts in pixels and as a share differ by so much that the reach starts anew at the unit's own default. */
const SHIFT_REACH = { px: 4, fraction: 0.125 } as const;

/** Sets one value of a transform that is on. */
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
