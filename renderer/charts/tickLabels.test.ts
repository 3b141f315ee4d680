import { describe, expect, it } from 'vitest';
import { tickLabels } from './tickLabels.ts';

const at = (...values: number[]) => values.map((value) => ({ value }));

describe('tickLabels', () => {
  it('takes as many figures as the ticks need to differ', () => {
    const formats = [2, 3, 4].map((digits) => (value: number) => value.toPrecision(digits));
    expect(tickLabels(at(1.4, 1.5), formats)).toEqual(['1.4', '1.5']);
    expect(tickLabels(at(1.441, 1.442), formats)).toEqual(['1.441', '1.442']);
  });

  it('says nothing twice where no format tells the ticks apart', () => {
    expect(tickLabels(at(0, 0.5, 1, 1.4, 2), [(value) => String(Math.round(value))])).toEqual([
      '0',
      '1',
      '',
      '',
      '2',
    ]);
    expect(tickLabels([], [String])).toEqual([]);
  });
});
