import { describe, expect, it } from 'vitest';
import { formatDuration, formatShare, formatValue } from './formatDuration.ts';
import { currentEpoch, freshRunName, nameParts, shareDone } from './runNames.ts';
import { startBlockerOf } from './startBlocker.ts';

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

describe('runs', () => {
  it('finds a free name', () => {
    expect(freshRunName('birds', [])).toBe('birds');
    expect(freshRunName('birds', ['birds', 'birds 2'])).toBe('birds 3');
    expect(freshRunName('', [])).toBe('run');
    expect(nameParts('garden birds 12')).toEqual({ head: 'garden birds', tail: ' 12' });
    expect(nameParts('garden birds')).toEqual({ head: 'garden birds', tail: '' });
    expect(nameParts('12')).toEqual({ head: '12', tail: '' });
  });

  it('counts epochs from one and ends at the last', () => {
    const epochs = [0, 0.1, 0.9, 1, 1.1, 2.9, 3].map((epoch) => currentEpoch({ epoch, epochs: 3 }));
    expect(epochs).toEqual([1, 1, 1, 2, 2, 3, 3]);
  });

  it('tells the share done of the run or of its preparation', () => {
    expect(shareDone({ step: 3, steps: 12, progress: null })).toBe(0.25);
    expect(shareDone({ step: 0, steps: 0, progress: { done: 1, total: 4 } })).toBe(0.25);
    expect(shareDone({ step: 0, steps: 0, progress: { done: 1, total: 0 } })).toBeNull();
  });
});

describe('startBlockerOf', () => {
  const fine = { connection: 'open', isGraphSound: true, train: 'ready', validation: 'none' } as const;

  it('lets a sound project through, and names the first thing in the way', () => {
    expect(startBlockerOf(fine)).toBeNull();
    expect(startBlockerOf({ ...fine, connection: 'reconnecting', isGraphSound: false })).toBe('offline');
    expect(startBlockerOf({ ...fine, isGraphSound: false, train: 'none' })).toBe('graph');
    expect(startBlockerOf({ ...fine, train: 'none' })).toBe('noData');
    expect(startBlockerOf({ ...fine, train: 'scanning' })).toBe('scanning');
    expect(startBlockerOf({ ...fine, validation: 'failed' })).toBe('badData');
    expect(startBlockerOf({ ...fine, train: 'lost', validation: 'scanning' })).toBe('badData');
  });
});
