import { describe, expect, it } from 'vitest';
import { NO_AUGMENTATION, type Augmentation } from '#core/augment/augmentation.ts';
import type { Field } from '#core/augment/definition.ts';
import { createAugmenter } from '#core/augment/augmenter.ts';
import { TRANSFORM_NAMES, TRANSFORMS } from '#core/augment/registry.ts';
import { withField, withoutTransform, withTransform } from './changeAugmentation.ts';
import { scaleOf, shownValue } from './fieldScale.ts';
import { partnersOf, tensorFigures, toRgba, variantsOf, type Samples } from './variants.ts';

const samples: Samples = {
  height: 2,
  width: 2,
  channels: 3,
  count: 40,
  plain: new Map([[17, Uint8Array.of(0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110)]]),
  mean: [45, 55, 65],
  deviation: [15, 5, 10],
  isExact: true,
};
const pixels = samples.plain.get(17) ?? new Uint8Array();
const sample = { height: 2, width: 2, channels: 3, pixels } as const;

describe('the list of transforms', () => {
  it('adds each with its defaults and takes it away again', () => {
    for (const name of TRANSFORM_NAMES) {
      const added = withTransform({ border: 'edge' }, name);
      const defaults = Object.entries<Field>(TRANSFORMS[name].fields).map(([key, field]) => [
        key,
        field.default,
      ]);
      expect(added).toEqual({ border: 'edge', [name]: Object.fromEntries(defaults) });
      expect(withoutTransform(added, name)).toEqual({ border: 'edge' });
    }
  });

  it('sets one value and leaves the others', () => {
    const before = withTransform(withTransform(NO_AUGMENTATION, 'rotate'), 'noise');
    const after = withField(before, 'rotate', 'degrees', 33);
    expect(after).toEqual({ ...before, rotate: { degrees: 33, probability: 1 } });
  });

  it('starts the reach of a shift anew when its unit changes', () => {
    const before = withTransform(NO_AUGMENTATION, 'shift');
    const inPixels = withField(before, 'shift', 'unit', 'px');
    expect(inPixels.shift).toEqual({ unit: 'px', x: 4, y: 4, probability: 1 });
    expect(withField(inPixels, 'shift', 'unit', 'fraction')).toEqual(before);
  });
});

describe('sliders', () => {
  it('reach as far as the field, and by its unit', () => {
    const { degrees } = TRANSFORMS.rotate.fields;
    expect(scaleOf('rotate', degrees, undefined)).toEqual({ min: 0, max: 180, step: 1 });
    expect(shownValue('rotate', degrees, 12.5, undefined)).toBe('12.5°');
    const { x } = TRANSFORMS.shift.fields;
    expect(scaleOf('shift', x, 'px')).toEqual({ min: 0, max: 32, step: 1 });
    expect(scaleOf('shift', x, 'fraction')).toEqual({ min: 0, max: 0.5, step: 0.005 });
    expect([shownValue('shift', x, 3, 'px'), shownValue('shift', x, 0.125, 'fraction')]).toEqual([
      '3 px',
      '12.5 %',
    ]);
  });
});

describe('the preview', () => {
  const augmentation: Augmentation = {
    border: 'black',
    horizontalFlip: { probability: 0.5 },
    noise: { sigma: 0.1, probability: 1 },
  };

  it('shows what training makes of that sample in those epochs', () => {
    const variants = variantsOf(samples, augmentation, 9, { sample: 17, firstEpoch: 8, epochs: 8 }) ?? [];
    const { augment } = createAugmenter({ augmentation, seed: 9, ...samples });
    const trained = new Uint8Array(12);
    expect(variants).toHaveLength(8);
    variants.forEach((variant, at) => {
      augment(pixels, 0, trained, 0, 8 + at, 17);
      expect(variant.pixels).toEqual(trained);
    });
    expect(new Set(variants.map((variant) => variant.pixels.join())).size).toBe(8);
    const later = variantsOf(samples, augmentation, 9, { sample: 17, firstEpoch: 12, epochs: 1 });
    expect(later?.[0]).toEqual(variants[4]);
  });

  it('waits for the images that are mixed in', () => {
    const mixing = { ...augmentation, mixup: { alpha: 1, probability: 1 } };
    const row = { sample: 17, firstEpoch: 0, epochs: 4 };
    const partners = partnersOf(samples, mixing, 9, row);
    expect(partners.length).toBeGreaterThan(1);
    expect(partners.every((partner) => partner < 40)).toBe(true);
    expect(variantsOf(samples, mixing, 9, row)).toBeNull();
    const plain = new Map([...samples.plain, ...partners.map((at) => [at, new Uint8Array(12)] as const)]);
    const mixed = variantsOf({ ...samples, plain }, mixing, 9, row);
    expect(mixed).toHaveLength(4);
    expect(mixed).not.toEqual(variantsOf(samples, augmentation, 9, row));
  });

  it('tells the normalized tensor, channel by channel', () => {
    expect(tensorFigures(sample, samples)).toEqual([
      { min: -3, max: 3, mean: 0 },
      { min: -9, max: 9, mean: 0 },
      { min: -4.5, max: 4.5, mean: 0 },
    ]);
  });

  it('paints grey and colour', () => {
    expect([...toRgba(sample).subarray(0, 8)]).toEqual([0, 10, 20, 255, 30, 40, 50, 255]);
    const grey = { height: 1, width: 2, channels: 1, pixels: Uint8Array.of(7, 200) };
    expect([...toRgba(grey)]).toEqual([7, 7, 7, 255, 200, 200, 200, 255]);
  });
});
