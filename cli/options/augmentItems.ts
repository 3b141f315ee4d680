import { augmentationSchema, type Augmentation } from '#core/augment/augmentation.ts';
import { transformOf, type TransformName } from '#core/augment/registry.ts';

/** One name of `--augment`. */
export interface AugmentItem {
  /** Its syntax, for the error message. */
  readonly form: string;
  /** Adds it to the settings; null when the value does not have that syntax. */
  apply(augmentation: Augmentation, value: string | null, chance: number | null): Augmentation | null;
}

type Values = Readonly<Record<string, number | string>>;

/** Names of `--augment`, each for one transform or for a part of one. */
export const AUGMENT_ITEMS: Readonly<Record<string, AugmentItem>> = {
  flip: item('horizontalFlip', 'flip (half of the images) or flip@0.3', onlyName),
  vflip: item('verticalFlip', 'vflip (half of the images) or vflip@0.3', onlyName),
  crop: item(
    'randomResizedCrop',
    'crop or crop=0.5..1: least and largest share of the area',
    rangeOf('minArea', 'maxArea'),
  ),
  shear: item('shear', 'shear or shear=10: the largest angle in degrees, 0 to 80', numberOf('x')),
  scale: item('scale', 'scale or scale=0.9..1.1: least and largest factor, 0.1 to 10', rangeOf('min', 'max')),
  rotate: item('rotate', 'rotate or rotate=10: the largest angle in degrees, 0 to 180', numberOf('degrees')),
  shift: item('shift', 'shift, shift=2px (pixels), shift=0.1 or shift=10% (share of the side)', reachOf),
  randaugment: item(
    'randAugment',
    'randaugment or randaugment=2:9: operations (1 to 8) and magnitude (0 to 30)',
    operationsOf,
  ),
  brightness: jitterOf('brightness', 'brightness=0.2: the largest change, 0 to 1'),
  contrast: jitterOf('contrast', 'contrast=0.2: the largest change, 0 to 1'),
  saturation: jitterOf('saturation', 'saturation=0.2: the largest change, 0 to 1'),
  hue: jitterOf('hue', 'hue=0.05: the largest move around the colour circle, 0 to 0.5'),
  grayscale: item('grayscale', 'grayscale (a tenth of the images) or grayscale@0.2', onlyName),
  blur: item(
    'blur',
    'blur or blur=0.1..1: least and largest deviation in pixels, 0 to 10',
    rangeOf('minSigma', 'maxSigma'),
  ),
  noise: item(
    'noise',
    'noise or noise=0.05: deviation as a share of black to white, 0 to 1',
    numberOf('sigma'),
  ),
  mixup: item('mixup', 'mixup or mixup=0.2: alpha, 0.01 to 10', numberOf('alpha')),
  cutmix: item('cutmix', 'cutmix or cutmix=1: alpha, 0.01 to 10', numberOf('alpha')),
  cutout: item(
    'cutout',
    'cutout or cutout=0.25: side as a share of the shorter side, 0.01 to 1',
    numberOf('size'),
  ),
};

/** An item that enables one part of the colour jitter; parts that no item names stay disabled. */
function jitterOf(part: 'brightness' | 'contrast' | 'saturation' | 'hue', form: string): AugmentItem {
  const read = numberOf(part);
  return {
    form,
    apply: (augmentation, value, chance) => {
      const values = value === null ? null : read(value);
      if (values === null || chance !== null) return null;
      const before = augmentation.colorJitter ?? { brightness: 0, contrast: 0, saturation: 0, hue: 0 };
      const parsed = augmentationSchema.safeParse({ ...augmentation, colorJitter: { ...before, ...values } });
      return parsed.success ? parsed.data : null;
    },
  };
}

/** `2:9`: operations and magnitude. */
function operationsOf(value: string | null): Values | null {
  if (value === null) return {};
  const [ops, magnitude, ...more] = value.split(':').map(toNumber);
  if (ops === null || ops === undefined || magnitude === null || magnitude === undefined || more.length > 0)
    return null;
  return { ops, magnitude };
}

/** An item that sets values of `transform`; other values keep their default. */
function item(
  transform: TransformName,
  form: string,
  read: (value: string | null) => Values | null,
): AugmentItem {
  return {
    form,
    apply: (augmentation, value, chance) => {
      const values = read(value);
      if (values === null || (chance !== null && !('probability' in transformOf(transform).fields)))
        return null;
      const share = chance === null ? {} : { probability: chance };
      const before = augmentation[transform] ?? {};
      const parsed = augmentationSchema.safeParse({
        ...augmentation,
        [transform]: { ...before, ...values, ...share },
      });
      return parsed.success ? parsed.data : null;
    },
  };
}

function onlyName(value: string | null): Values | null {
  return value === null ? {} : null;
}

function numberOf(field: string): (value: string | null) => Values | null {
  return (value) => {
    if (value === null) return {};
    const number = toNumber(value);
    return number === null ? null : { [field]: number };
  };
}

/** `0.5..1`. */
function rangeOf(least: string, largest: string): (value: string | null) => Values | null {
  return (value) => {
    if (value === null) return {};
    const [from, to, ...more] = value.split('..').map(toNumber);
    if (from === null || from === undefined || to === null || to === undefined || more.length > 0)
      return null;
    return from > to ? null : { [least]: from, [largest]: to };
  };
}

/** `2px`, `0.1` or `10%`. */
function reachOf(value: string | null): Values | null {
  if (value === null) return {};
  const [, digits = '', unit] = /^(.*?)(px|%)?$/.exec(value) ?? [];
  const number = toNumber(digits);
  if (number === null) return null;
  if (unit === 'px') return Number.isInteger(number) ? { unit: 'px', x: number, y: number } : null;
  const share = unit === '%' ? number / 100 : number;
  return share > 1 ? null : { unit: 'fraction', x: share, y: share };
}

function toNumber(text: string): number | null {
  const number = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
