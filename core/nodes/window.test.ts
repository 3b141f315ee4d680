import { describe, expect, it } from 'vitest';
import { kernelProblem, placeWindow, sidesOf, type WindowSettings } from './window.ts';
import { inEnglish } from '../words/catalogues.ts';

const base: WindowSettings = { kernel: [3, 3], stride: 1, dilation: 1, padding: 'same', pad: [1, 1, 1, 1] };

function place(settings: Partial<WindowSettings>, size: number): readonly number[] {
  const placed = placeWindow({ ...base, ...settings }, { channels: 1, height: size, width: size });
  return [placed.height, ...placed.window.padding];
}

describe('placeWindow', () => {
  it('pads as TensorFlow does: the odd pixel to the bottom and right', () => {
    // tf.nn.conv2d, padding SAME: out = ceil(in / stride).
    expect(place({}, 32)).toEqual([32, 1, 1, 1, 1]);
    expect(place({ stride: 2 }, 32)).toEqual([16, 0, 0, 1, 1]);
    expect(place({ stride: 2 }, 33)).toEqual([17, 1, 1, 1, 1]);
    expect(place({ kernel: [7, 7], stride: 2 }, 224)).toEqual([112, 2, 2, 3, 3]);
    expect(place({ kernel: [2, 2] }, 5)).toEqual([5, 0, 0, 1, 1]);
    expect(place({ kernel: [1, 1], stride: 3 }, 10)).toEqual([4, 0, 0, 0, 0]);
    expect(place({ dilation: 2 }, 10)).toEqual([10, 2, 2, 2, 2]);
  });

  it('pads nothing when valid', () => {
    expect(place({ padding: 'valid' }, 32)).toEqual([30, 0, 0, 0, 0]);
    expect(place({ padding: 'valid', stride: 2 }, 32)).toEqual([15, 0, 0, 0, 0]);
  });

  it('pads all sides alike when explicit, as PyTorch', () => {
    expect(place({ padding: 'explicit' }, 28)).toEqual([28, 1, 1, 1, 1]);
    expect(place({ padding: 'explicit', stride: 2 }, 32)).toEqual([16, 1, 1, 1, 1]);
    expect(place({ padding: 'explicit', kernel: [7, 7], stride: 2, pad: [3, 3, 3, 3] }, 224)).toEqual([
      112, 3, 3, 3, 3,
    ]);
  });

  it('rounds up in ceil mode unless the last window would start beyond the image, as PyTorch', () => {
    // Input, kernel, stride, padding; output sizes of torch.nn.functional.max_pool2d 2.15 without and with ceil_mode.
    const sizes = [
      [7, 2, 2, 0, 3, 4],
      [7, 3, 2, 0, 3, 3],
      [8, 3, 2, 0, 3, 4],
      [8, 3, 2, 1, 4, 5],
      [5, 2, 4, 1, 2, 2],
      [2, 3, 2, 0, 0, 1],
      [6, 3, 3, 1, 2, 3],
      [9, 4, 3, 0, 2, 3],
      [10, 4, 4, 2, 3, 3],
      [1, 2, 2, 1, 1, 1],
      [5, 1, 3, 0, 2, 2],
      [6, 2, 5, 1, 2, 2],
      [112, 3, 2, 0, 55, 56],
    ] as const;
    for (const [size, kernel, stride, side, floor, ceil] of sizes) {
      const pad = [side, side, side, side] as const;
      const window = { kernel: [kernel, kernel], stride, padding: 'explicit', pad } as const;
      expect([size, kernel, stride, side, place(window, size)[0]]).toEqual([
        size,
        kernel,
        stride,
        side,
        floor,
      ]);
      const [out, top, left, bottom] = place({ ...window, ceil: true }, size);
      expect([size, kernel, stride, side, out]).toEqual([size, kernel, stride, side, ceil]);
      expect([top, left]).toEqual([side, side]);
      // The window's own padding gives the same size without rounding up.
      expect(Math.floor((size + side + (bottom ?? NaN) - kernel) / stride) + 1).toBe(ceil);
    }
    expect(place({ padding: 'same', stride: 2, ceil: true }, 7)).toEqual(
      place({ padding: 'same', stride: 2 }, 7),
    );
  });

  it('pads each side by its own number', () => {
    expect(place({ padding: 'explicit', pad: [0, 2, 3, 1] }, 6)).toEqual([7, 0, 2, 3, 1]);
    expect(sidesOf(1, 2, { asymmetric: false, padBottom: 9, padRight: 9 })).toEqual([1, 2, 1, 2]);
    expect(sidesOf(1, 2, { asymmetric: true, padBottom: 3, padRight: 4 })).toEqual([1, 2, 3, 4]);
  });

  it('takes height and width apart', () => {
    const placed = placeWindow(
      { ...base, kernel: [3, 5], padding: 'explicit', pad: [0, 2, 0, 2] },
      { channels: 1, height: 10, width: 20 },
    );
    expect([placed.height, placed.width, ...placed.window.padding]).toEqual([8, 20, 0, 2, 0, 2]);
  });

  it('tells of a kernel larger than the padded picture', () => {
    const image = { channels: 1, height: 4, width: 4 };
    const settings: WindowSettings = { ...base, kernel: [7, 7], padding: 'explicit' };
    const found = kernelProblem(settings, image);
    expect(found && inEnglish(found.problem)).toBe(
      'has a kernel of 7 × 7 pixels, larger than its padded input of 6 × 6.',
    );
    expect(kernelProblem({ ...settings, kernel: [6, 6] }, image)).toBeNull();
    expect(kernelProblem({ ...settings, padding: 'same' }, image)).toBeNull();
    expect(kernelProblem({ ...base, padding: 'valid', dilation: 2 }, image)?.code).toBe('shape-empty');
  });
});
