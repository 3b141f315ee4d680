import { describe, expect, it } from 'vitest';
import { medianSample, ratiosOf, tableOf, type Comparison } from './compare.ts';

const sample = (ms: number, peakRssMb: number) => ({
  ms,
  cpuMs: 2 * ms,
  peakRssMb,
  efficiency: 0.5,
  by: 'test',
});
const OURS = { f32: sample(100, 200), auto: sample(25, 150) };
const TORCH = { f32: sample(170, 600), 'f32-nhwc': sample(150, 620), 'bf16-nhwc': sample(60, 660) };

describe('the comparison with PyTorch', () => {
  it('takes the median by time', () => {
    expect(medianSample([sample(3, 1), sample(1, 2), sample(2, 3)]).ms).toBe(2);
  });

  it('holds f32 against its best f32 mode and auto against its fastest', () => {
    expect(ratiosOf(OURS, TORCH)).toEqual({ f32: 1.5, auto: 2.4, memory: 4.4 });
    const slowHalf = { ...TORCH, 'bf16-nhwc': sample(500, 660) };
    expect(ratiosOf(OURS, slowHalf)?.auto).toBe(6);
  });

  it('prints one row a network, with and without PyTorch', () => {
    const row: Comparison = {
      network: 'net',
      batch: 8,
      ours: OURS,
      torch: TORCH,
      ratios: ratiosOf(OURS, TORCH),
    };
    expect(tableOf([row]).split('\n')[2]).toBe(
      '| net | 8 | 100 | 25.0 | 150 | 60.0 | 1.50 | 2.40 | 0.50 / 0.50 | 200 / 150 | 620 / 660 |',
    );
    expect(tableOf([{ ...row, torch: null, ratios: null }]).split('\n')[2]).toBe(
      '| net | 8 | 100 | 25.0 | 0.50 / 0.50 | 200 / 150 |',
    );
  });
});
