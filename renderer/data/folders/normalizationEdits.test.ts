import { describe, expect, it } from 'vitest';
import type { FixedNormalization } from '#core/document/normalization.ts';
import { english } from '../../messages/en/english.ts';
import { adaptedTo, firstFixed, imageScale, withNumber } from './normalizationEdits.ts';
import { NORMALIZATION_PRESETS } from '#core/document/normalization.ts';

const CAFFE: FixedNormalization = { kind: 'fixed', mean: [104, 117, 123], deviation: [1, 2, 3] };

describe('edits of the normalization', () => {
  it('begin with the numbers of ImageNet, or with 0 to 1 where the input is grey', () => {
    expect(firstFixed({}, 3).normalization?.mean).toEqual([123.675, 116.28, 103.53]);
    expect(firstFixed({ channelOrder: 'bgr' }, 3)).toMatchObject({
      normalization: { mean: [103.53, 116.28, 123.675] },
      channelOrder: 'bgr',
    });
    expect(firstFixed({}, 1).normalization).toEqual({ kind: 'fixed', mean: [0], deviation: [255] });
  });

  it('change one number', () => {
    expect(withNumber(CAFFE, 'mean', 1, 5)).toEqual({ ...CAFFE, mean: [104, 5, 123] });
    expect(withNumber(CAFFE, 'deviation', 2, 5)).toEqual({ ...CAFFE, deviation: [1, 2, 5] });
  });

  it('adapt numbers to another number of channels', () => {
    expect(adaptedTo(CAFFE, 1)).toEqual({ kind: 'fixed', mean: [114.667], deviation: [2] });
    expect(adaptedTo({ kind: 'fixed', mean: [0], deviation: [255] }, 3)).toEqual({
      ...{ kind: 'fixed', mean: [0, 0, 0], deviation: [255, 255, 255] },
    });
  });

  it('have a name for every preset', () => {
    for (const name of NORMALIZATION_PRESETS) expect(english.data.normalization.presets).toHaveProperty(name);
  });
});

describe('what normalizes the pixels of an image', () => {
  const measured = { mean: [10, 20, 30], deviation: [1, 2, 3], isExact: false };

  it('is measured without given numbers, also for a network of B, G, R', () => {
    expect(imageScale({}, measured)).toEqual(measured);
    expect(imageScale({ channelOrder: 'bgr' }, measured)).toEqual(measured);
  });

  it('is given in the order of the image, and then exact', () => {
    expect(imageScale({ normalization: CAFFE }, measured)).toMatchObject({
      mean: [104, 117, 123],
      isExact: true,
    });
    expect(imageScale({ normalization: CAFFE, channelOrder: 'bgr' }, measured)).toMatchObject({
      mean: [123, 117, 104],
      deviation: [3, 2, 1],
    });
  });

  it('is measured where the given numbers are for another input', () => {
    const grey = { mean: [10], deviation: [2], isExact: true };
    expect(imageScale({ normalization: CAFFE }, grey)).toEqual(grey);
  });
});
