import { describe, expect, it } from 'vitest';
import { told } from '../words/testing.ts';
import { dataSettingsSchema, resizeOf } from './dataSettings.ts';
import {
  appliedNormalization,
  misfitMessage,
  misfits,
  presetOf,
  presetSettings,
  presetsFor,
  withChannelOrder,
  type FixedNormalization,
} from './normalization.ts';

const IMAGENET: FixedNormalization = {
  kind: 'fixed',
  mean: [123.675, 116.28, 103.53],
  deviation: [58.395, 57.12, 57.375],
};

describe('presets of normalization', () => {
  it('have the numbers of the frameworks, in the order of the input', () => {
    expect(presetSettings('imagenet', 3)).toEqual({ normalization: IMAGENET });
    expect(presetSettings('caffe', 3)).toEqual({
      normalization: { kind: 'fixed', mean: [104, 117, 123], deviation: [1, 1, 1] },
      channelOrder: 'bgr',
    });
    expect(presetSettings('symmetric', 1)).toEqual({
      normalization: { kind: 'fixed', mean: [127.5], deviation: [127.5] },
    });
    expect(presetSettings('unit', 3)?.normalization).toMatchObject({
      mean: [0, 0, 0],
      deviation: [255, 255, 255],
    });
    expect(presetSettings('raw', 3)?.normalization).toMatchObject({ mean: [0, 0, 0], deviation: [1, 1, 1] });
  });

  it('keep the numbers of each colour in another order', () => {
    expect(presetSettings('imagenet', 3, 'bgr')).toEqual({
      normalization: { kind: 'fixed', mean: [103.53, 116.28, 123.675], deviation: [57.375, 57.12, 58.395] },
      channelOrder: 'bgr',
    });
    const reversed = withChannelOrder({ normalization: { ...IMAGENET, mean: [1, 2, 3] } }, 'bgr');
    expect(reversed).toMatchObject({ channelOrder: 'bgr', normalization: { mean: [3, 2, 1] } });
    expect(withChannelOrder(reversed, 'rgb').normalization?.mean).toEqual([1, 2, 3]);
    expect(withChannelOrder(reversed, 'bgr')).toEqual(reversed);
    expect(withChannelOrder({}, 'bgr')).toEqual({ channelOrder: 'bgr' });
  });

  it('for colour alone are not offered for a grey input', () => {
    expect(presetSettings('imagenet', 1)).toBeNull();
    expect(presetsFor(1)).toEqual(['symmetric', 'unit', 'raw']);
    expect(presetsFor(3)).toHaveLength(5);
  });

  it('are recognized by their numbers', () => {
    for (const name of presetsFor(3)) {
      const settings = presetSettings(name, 3);
      expect(presetOf(settings ?? {})).toBe(name);
      expect(presetOf(withChannelOrder(settings ?? {}, 'bgr'))).toBe(name);
    }
    expect(presetOf({ normalization: { ...IMAGENET, mean: [1, 2, 3] } })).toBeNull();
    expect(presetOf({})).toBeNull();
  });
});

describe('normalization settings', () => {
  const measured = { mean: [10, 20, 30], deviation: [1, 2, 3] };

  it('leave measured numbers as they are, in the order of the input', () => {
    expect(appliedNormalization({}, measured)).toEqual(measured);
    expect(appliedNormalization({ channelOrder: 'rgb' }, measured)).toEqual(measured);
    expect(appliedNormalization({ channelOrder: 'bgr' }, measured)).toEqual({
      mean: [30, 20, 10],
      deviation: [3, 2, 1],
      channelOrder: 'bgr',
    });
  });

  it('take fixed numbers as they are given', () => {
    const { mean, deviation } = IMAGENET;
    const settings = { normalization: IMAGENET, channelOrder: 'bgr' } as const;
    expect(appliedNormalization(settings, measured)).toEqual({ mean, deviation, channelOrder: 'bgr' });
  });

  it('have no order of channels where the input is grey', () => {
    const grey = { mean: [5], deviation: [6] };
    expect(appliedNormalization({ channelOrder: 'bgr' }, grey)).toEqual(grey);
  });

  it('that do not fit the channels are told with what to do', () => {
    const normalization = { kind: 'fixed' as const, mean: [1, 2, 3], deviation: [1, 2, 3] };
    expect(misfits({ normalization }, 3)).toBe(false);
    expect(misfits({}, 1)).toBe(false);
    expect(misfits({ normalization }, 1)).toBe(true);
    expect(told(misfitMessage(3, 1))).toContain('give the Input block 3 channels');
    expect(told(misfitMessage(1, 3))).toContain('one for each channel');
  });

  it('are refused where their numbers make no scale', () => {
    const parse = (normalization: unknown): boolean =>
      dataSettingsSchema.safeParse({ normalization }).success;
    expect(parse({ kind: 'fixed', mean: [1], deviation: [2] })).toBe(true);
    expect(parse({ kind: 'fixed', mean: [1], deviation: [0] })).toBe(false);
    expect(parse({ kind: 'fixed', mean: [1, 2], deviation: [1] })).toBe(false);
    expect(parse({ kind: 'fixed', mean: [], deviation: [] })).toBe(false);
    expect(parse({ kind: 'fixed', mean: [Infinity], deviation: [1] })).toBe(false);
    expect(parse({ kind: 'measured' })).toBe(false);
  });

  it('and crop settings leave older projects as they were', () => {
    expect(Object.keys(dataSettingsSchema.parse({}))).not.toContain('normalization');
    expect(resizeOf(dataSettingsSchema.parse({ resize: 'crop' }))).toEqual({
      resize: 'crop',
      cropFraction: 0.875,
    });
    expect(resizeOf(dataSettingsSchema.parse({ resize: 'fit', cropFraction: 0.5 }))).toEqual({
      resize: 'fit',
    });
    expect(dataSettingsSchema.safeParse({ cropFraction: 1.1 }).success).toBe(false);
  });
});
