import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { defaultDataSettings, type DataSettings } from '#core/document/dataSettings.ts';
import {
  overrulePreprocessing,
  withPreprocessingOptions,
  type PreprocessingOptions,
} from './preprocessingOptions.ts';

function given(...args: string[]): PreprocessingOptions {
  const command = withPreprocessingOptions(
    new Command('x').exitOverride().configureOutput({ writeErr: () => {} }),
  );
  return command.parse(args, { from: 'user' }).opts<PreprocessingOptions>();
}

function settings(args: string[], channels = 3, data: Partial<DataSettings> = {}): DataSettings {
  return overrulePreprocessing({ ...defaultDataSettings(), ...data }, given(...args), channels);
}

describe('the options of preprocessing', () => {
  it('leave the settings of the project alone where they are absent', () => {
    const data = { ...defaultDataSettings(), channelOrder: 'bgr' as const, resize: 'fit' as const };
    expect(overrulePreprocessing(data, {}, 3)).toEqual(data);
  });

  it('choose crop, its fraction and a preset', () => {
    expect(settings(['--resize', 'crop', '--crop-fraction', '0.9', '--normalize', 'imagenet'])).toMatchObject(
      {
        ...{ resize: 'crop', cropFraction: 0.9 },
        normalization: { kind: 'fixed', mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] },
      },
    );
    const caffe = settings(['--normalize', 'caffe']);
    expect(caffe).toMatchObject({ normalization: { mean: [104, 117, 123] }, channelOrder: 'bgr' });
    const rgb = settings(['--normalize', 'caffe', '--channel-order', 'rgb']);
    expect(rgb.normalization?.mean).toEqual([123, 117, 104]);
    expect(rgb.channelOrder).toBeUndefined();
    expect(settings(['--normalize', 'unit'], 1).normalization).toMatchObject({ mean: [0], deviation: [255] });
  });

  it('return to measured numbers, and reverse the numbers of the project with its channels', () => {
    const fixed = { normalization: { kind: 'fixed' as const, mean: [1, 2, 3], deviation: [4, 5, 6] } };
    expect(settings(['--normalize', 'measured'], 3, fixed).normalization).toBeUndefined();
    expect(settings(['--channel-order', 'bgr'], 3, fixed)).toMatchObject({
      normalization: { mean: [3, 2, 1], deviation: [6, 5, 4] },
      channelOrder: 'bgr',
    });
  });

  it('refuse what does not go together, with what to do', () => {
    expect(() => settings(['--crop-fraction', '0.9'])).toThrow(/add --resize crop/);
    expect(settings(['--crop-fraction', '0.9'], 3, { resize: 'crop' }).cropFraction).toBe(0.9);
    expect(() => settings(['--normalize', 'imagenet'], 1)).toThrow(
      /3 channels, or choose one of symmetric, unit, raw/,
    );
    expect(() => given('--crop-fraction', '0.05')).toThrow(/from 0.1 to 1/);
    expect(() => given('--resize', 'squash')).toThrow(/stretch, fit, cover, crop/);
  });
});
