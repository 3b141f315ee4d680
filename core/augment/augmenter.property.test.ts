import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { augmentationSchema, type Augmentation } from './augmentation.ts';
import { createAugmenter } from './augmenter.ts';
import type { Field } from './definition.ts';
import { Draws, sampleKey } from './draws.ts';
import { TRANSFORM_NAMES, transformOf } from './registry.ts';
import { augmented, noiseImage } from './testing/augmented.ts';
import { BORDERS } from './warp.ts';

function fieldArbitrary(field: Field): fc.Arbitrary<number | string> {
  if (field.type === 'choice') return fc.constantFrom(...field.options.map(({ value }) => value));
  const { min, max } = field;
  return field.type === 'int' ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
}

const transforms = Object.fromEntries(
  TRANSFORM_NAMES.map((name) => {
    const fields = Object.entries(transformOf(name).fields);
    const values = Object.fromEntries(fields.map(([key, field]) => [key, fieldArbitrary(field)]));
    return [name, fc.record(values)];
  }),
);
/** Any settings that the project file can hold. */
const augmentations = fc
  .record({ border: fc.constantFrom(...BORDERS), ...transforms }, { requiredKeys: ['border'] })
  .map((value): Augmentation => augmentationSchema.parse(value));
const sizes = fc.record({
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 9 }),
  channels: fc.constantFrom(1, 3),
});
const draws = fc.record({ seed: fc.nat(), epoch: fc.nat(1000), sample: fc.nat() });

describe('an augmenter', () => {
  it('gives the same bytes whatever it did before', () => {
    fc.assert(
      fc.property(
        augmentations,
        sizes,
        draws,
        fc.array(draws, { maxLength: 4 }),
        (augmentation, size, draw, before) => {
          const source = noiseImage(size);
          const alone = augmented(source, size, augmentation, draw);
          const shared = createAugmenter({ augmentation, seed: draw.seed, mean: [100, 110, 120], ...size });
          const into = new Uint8Array(source.length * 2).fill(7);
          const other = noiseImage(size, 2);
          for (const { epoch, sample } of before) shared.augment(other, 0, into, 0, epoch, sample);
          shared.augment(source, 0, into, source.length, draw.epoch, draw.sample);
          expect(into.subarray(source.length)).toEqual(alone);
          if (before.length === 0)
            expect(into.subarray(0, source.length).every((value) => value === 7)).toBe(true);
        },
      ),
    );
  });

  it('leaves its source as it is, wherever the image begins', () => {
    fc.assert(
      fc.property(augmentations, sizes, draws, (augmentation, size, draw) => {
        const image = noiseImage(size);
        const source = new Uint8Array(image.length + 5);
        source.set(image, 5);
        const kept = source.slice();
        const into = new Uint8Array(image.length);
        const { augment } = createAugmenter({
          augmentation,
          seed: draw.seed,
          mean: [100, 110, 120],
          ...size,
        });
        augment(source, 5, into, 0, draw.epoch, draw.sample);
        expect(source).toEqual(kept);
        expect(into).toEqual(augmented(image, size, augmentation, draw));
      }),
    );
  });

  it('reads its settings back from JSON', () => {
    fc.assert(
      fc.property(augmentations, (augmentation) => {
        expect(augmentationSchema.parse(JSON.parse(JSON.stringify(augmentation)))).toEqual(augmentation);
      }),
    );
  });
});

describe('draws', () => {
  it('are pinned: a change here would change every augmented run', () => {
    const stream = new Draws();
    stream.open(sampleKey(1, 2, 3), 4);
    expect([stream.uint32(), stream.uint32(), stream.uint32()]).toMatchInlineSnapshot(`
      [
        902141683,
        1190331289,
        1727322400,
      ]
    `);
  });

  it('differ between seeds, epochs, samples and transforms', () => {
    const first = new Set<number>();
    const stream = new Draws();
    for (const seed of [0, 1, 2])
      for (let epoch = 0; epoch < 20; epoch += 1)
        for (let sample = 0; sample < 50; sample += 1)
          for (const salt of [1, 2]) {
            stream.open(sampleKey(seed, epoch, sample), salt);
            first.add(stream.uint32());
          }
    expect(first.size).toBeGreaterThan(5995);
  });

  it('are uniform, and neighbours have nothing to do with each other', () => {
    const stream = new Draws();
    let [sum, squares, products, before] = [0, 0, 0, 0.5];
    const count = 100_000;
    for (let sample = 0; sample < count; sample += 1) {
      stream.open(sampleKey(5, 0, sample), 1);
      const value = stream.uniform();
      sum += value;
      squares += (value - 0.5) ** 2;
      products += (value - 0.5) * (before - 0.5);
      before = value;
    }
    expect(sum / count).toBeCloseTo(0.5, 2);
    expect(squares / count).toBeCloseTo(1 / 12, 2);
    expect(products / count).toBeCloseTo(0, 2);
  });

  it('every transform has a salt of its own', () => {
    const salts = TRANSFORM_NAMES.map((name) => transformOf(name).salt);
    expect(new Set(salts).size).toBe(salts.length);
  });
});
