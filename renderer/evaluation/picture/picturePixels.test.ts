import { describe, expect, it } from 'vitest';
import { colorGradient, colorOf } from './colorMap.ts';
import { drawFilter, filtersOf } from './filterPixels.ts';
import { greyPixels, mapPixels, shareOf } from './mapPixels.ts';
import { spreadSquares } from './spreadSquares.ts';
import { planeOf, rangeOf, readTensor, type Tensor } from './tensorValues.ts';
import { upsample } from './upsample.ts';

const tensor = (shape: readonly number[], values: readonly number[]): Tensor => ({
  shape,
  values: Float32Array.from(values),
});

describe('tensors', () => {
  it('are read from float32 in little endian, and split into planes', () => {
    const values = Buffer.from(Float32Array.of(1, -2.5, 0.25, 1e-3, 8, 9).buffer).toString('base64');
    const read = readTensor({ shape: [3, 1, 2], values });
    expect(read.values).toEqual(Float32Array.of(1, -2.5, 0.25, 1e-3, 8, 9));
    expect(planeOf(read, 2)).toEqual(tensor([1, 2], [8, 9]));
  });

  it('have a range of their finite values', () => {
    expect(rangeOf(Float32Array.of(NaN, -1, Infinity, 3))).toEqual({ min: -1, max: 3 });
    expect(rangeOf(Float32Array.of(NaN))).toEqual({ min: 0, max: 0 });
  });
});

describe('colours', () => {
  it('go from dark blue to yellow and get lighter with every step', () => {
    expect(colorOf(0)).toEqual([0x44, 0x01, 0x54]);
    expect(colorOf(1)).toEqual([0xfd, 0xe7, 0x25]);
    const lightness = Array.from({ length: 33 }, (_, at) => {
      const [red, green, blue] = colorOf(at / 32);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    expect(lightness).toEqual(lightness.toSorted((a, b) => a - b));
    expect(colorGradient()).toContain('rgb(68 1 84)');
  });

  it('are those of the ends outside the range, and of the low end without a range', () => {
    expect([-5, 0, 5, 99, NaN].map((value) => shareOf(value, { min: 0, max: 10 }))).toEqual([
      0, 0, 0.5, 1, 0,
    ]);
    expect(shareOf(3, { min: 3, max: 3 })).toBe(0);
    const plane = tensor([1, 2], [0, 10]);
    expect([...mapPixels(plane, { min: 0, max: 10 }).rgba]).toEqual([...colorOf(0), 255, ...colorOf(1), 255]);
    expect([...greyPixels(plane, { min: 0, max: 10 }).rgba]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  });
});

describe('a map', () => {
  it('is enlarged as PyTorch does without aligned corners', () => {
    // torch.nn.functional.interpolate(torch.tensor([[[[1., 2.], [3., 5.]]]]), size=(4, 3), mode='bilinear')
    const large = upsample(tensor([2, 2], [1, 2, 3, 5]), 4, 3);
    const expected = [1, 1.5, 2, 1.5, 2.125, 2.75, 2.5, 3.375, 4.25, 3, 4, 5];
    expect(large.shape).toEqual([4, 3]);
    expected.forEach((value, at) => expect(large.values[at]).toBeCloseTo(value, 6));
  });

  it('of covered squares gives each pixel the mean of the squares over it', () => {
    const spread = spreadSquares(tensor([1, 3], [3, 6, 12]), { size: 2, stride: 1 }, 2, 4);
    expect([...spread.values]).toEqual([3, 4.5, 9, 12, 3, 4.5, 9, 12]);
    // Squares are cut off at the edge, and pixels between them are not covered.
    const apart = spreadSquares(tensor([1, 2], [1, 2]), { size: 1, stride: 2 }, 1, 4);
    expect([...apart.values]).toEqual([1, 0, 2, 0]);
  });
});

describe('filters', () => {
  const three = tensor([2, 3, 1, 1], [0, 1, 2, -1, 0.5, 3]);

  it('of three input channels are drawn as colours on one scale, in the order of the network', () => {
    const [first, second] = filtersOf(three);
    expect(first).toEqual(tensor([3, 1, 1], [0, 1, 2]));
    const drawn = drawFilter(first ?? three, 0, false);
    expect([drawn.plane, drawn.range, [...drawn.pixels.rgba]]).toEqual([
      null,
      { min: 0, max: 2 },
      [0, 128, 255, 255],
    ]);
    expect([...drawFilter(first ?? three, 0, true).pixels.rgba]).toEqual([255, 128, 0, 255]);
    expect(drawFilter(second ?? three, 0, false).range).toEqual({ min: -1, max: 3 });
  });

  it('of other numbers are drawn one input channel at a time', () => {
    const [only] = filtersOf(tensor([1, 2, 1, 2], [1, 2, 3, 4]));
    expect(drawFilter(only ?? three, 1, false)).toMatchObject({ range: { min: 3, max: 4 } });
    expect(drawFilter(only ?? three, 9, false).plane).toEqual(tensor([1, 2], [3, 4]));
  });
});
