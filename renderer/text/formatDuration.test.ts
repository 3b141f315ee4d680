import { describe, expect, it } from 'vitest';
import { formatDuration, formatShare, formatValue } from './formatDuration.ts';

describe('formats', () => {
  it('prints durations', () => {
    expect([0, 38_000, 130_400, 725_000, 10_930_000].map(formatDuration)).toEqual([
      '0:00',
      '0:38',
      '2:10',
      '12:05',
      '3:02:10',
    ]);
  });

  it('prints values and shares', () => {
    expect([0.041234, 2.3149, 0, 1.23e-7, 12_345, 2_000_000].map((value) => formatValue(value))).toEqual([
      '0.0412',
      '2.31',
      '0',
      '1.23e-7',
      '12300',
      '2.00e6',
    ]);
    expect(formatValue(NaN)).toBe('—');
    expect([formatShare(0.9), formatShare(null)]).toEqual(['0.900', '—']);
  });
});
