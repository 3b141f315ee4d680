import { describe, expect, it } from 'vitest';
import { kernelProblem, placeWindow, type WindowSettings } from './window.ts';
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
