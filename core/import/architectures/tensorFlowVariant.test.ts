import { describe, expect, it } from 'vitest';
import { tensorFlowVariant } from './tensorFlowVariant.ts';

const timm = { naming: { name: 'timm', slots: new Map<string, string>() } } as const;

describe('tensorFlowVariant', () => {
  it('finds the name in that of the file and in the metadata', () => {
    expect(tensorFlowVariant(timm, 'tf_efficientnet_lite0-0aa007d2.pth', {})).toBe('tf_efficientnet_lite0');
    expect(tensorFlowVariant(timm, 'model.bin', { arch: 'tf_efficientnet_b0.ns_jft_in1k' })).toBe(
      'tf_efficientnet_b0',
    );
    expect(tensorFlowVariant(timm, 'my-TF_MobileNetV3_Large_100.pt', {})).toBe('tf_mobilenetv3_large_100');
  });

  it('finds none in other names, and none for other namings', () => {
    for (const name of [
      'efficientnet_lite0.pth',
      'tf_efficientnet_b01.pth',
      'ztf_efficientnet_b0.pth',
      'tf.pth',
    ])
      expect(tensorFlowVariant(timm, name, { note: 'tf_efficientnet_b0' }), name).toBeNull();
    const other = { naming: { ...timm.naming, name: 'torchvision' } } as const;
    expect(tensorFlowVariant(other, 'tf_efficientnet_b0.pth', {})).toBeNull();
  });
});
