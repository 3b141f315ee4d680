import { describe, expect, it } from 'vitest';
import { exportName, formatAgreement, suggestedName } from './exportState.ts';

describe('export names', () => {
  it('gives the format its ending once', () => {
    expect(suggestedName('garden/birds', 'onnx')).toBe('garden-birds.onnx');
    expect(exportName(' birds ', 'onnx')).toBe('birds.onnx');
    expect(exportName('birds.onnx', 'onnx')).toBe('birds.onnx');
    expect(exportName('birds.onnx', 'safetensors')).toBe('birds.onnx.safetensors');
  });

  it('refuses what cannot be a file name', () => {
    for (const name of ['', ' ', '..', 'a/b', 'x'.repeat(199)]) expect(exportName(name, 'onnx')).toBeNull();
  });
});

describe('formatAgreement', () => {
  it('says 100 % only when all agree', () => {
    expect([1, 0.9999, 0.5].map(formatAgreement)).toEqual(['100 %', '99.9 %', '50.0 %']);
  });
});
