import { describe, expect, it } from 'vitest';
import { SampleTable } from './series.ts';

const SMALL = { windowRows: 8, buckets: 4 };

function filled(values: readonly number[], sizes = SMALL): SampleTable {
  const table = new SampleTable(1, sizes);
  values.forEach((value, i) => table.append([i + 1, i / 10, i * 100], [value]));
  return table;
}

describe('SampleTable', () => {
  it('gives every row back while all fit in the window', () => {
    const history = filled([3, 1, 2]).history(0, 'step');
    expect([...history.x]).toEqual([1, 2, 3]);
    expect([...history.mean]).toEqual([3, 1, 2]);
    expect([...history.count]).toEqual([1, 1, 1]);
  });

  it('counts along step, epoch or time', () => {
    const table = filled([3, 1, 2]);
    expect([...table.history(0, 'epoch').x]).toEqual([0, 0.1, 0.2]);
    expect([...table.history(0, 'time').x]).toEqual([0, 100, 200]);
    expect(table.lastX('time')).toBe(200);
    expect(table.last(0)).toBe(2);
  });

  it('keeps the newest rows whole and the older ones as buckets, each row once', () => {
    for (let length = 1; length <= 200; length += 1) {
      const values = Array.from({ length }, (_, i) => Math.sin(i * 1.7) + i / 50);
      const table = filled(values);
      const history = table.history(0, 'step');
      const rows = history.count.reduce((a, b) => a + b, 0);
      expect(rows).toBe(length);
      expect(history.x.length).toBeLessThanOrEqual(SMALL.windowRows + SMALL.buckets);
      expect(history.x.every((x, i) => i === 0 || x > (history.x[i - 1] ?? NaN))).toBe(true);
      expect(Math.min(...history.min)).toBe(Math.min(...values));
      expect(Math.max(...history.max)).toBe(Math.max(...values));
      const total = history.mean.reduce((sum, mean, i) => sum + mean * (history.count[i] ?? 0), 0);
      expect(total).toBeCloseTo(
        values.reduce((a, b) => a + b, 0),
        9,
      );
    }
  });

  it('has each entry cover the rows from its x to the next', () => {
    const values = Array.from({ length: 61 }, (_, i) => ((i * 37) % 23) - 11);
    const history = filled(values).history(0, 'step');
    for (let i = 0; i < history.x.length; i += 1) {
      const rows = values.slice((history.x[i] ?? 0) - 1, (history.x[i + 1] ?? values.length + 1) - 1);
      expect(history.min[i]).toBe(Math.min(...rows));
      expect(history.max[i]).toBe(Math.max(...rows));
      const isRising = rows.indexOf(Math.min(...rows)) < rows.indexOf(Math.max(...rows));
      if (rows.length > 1) expect(history.isRising[i]).toBe(Number(isRising));
    }
  });

  it('leaves values that are not finite out of the buckets', () => {
    const values = Array.from({ length: 40 }, (_, i) => (i < 20 ? NaN : i));
    const history = filled(values).history(0, 'step');
    expect(history.min[0]).toBeNaN();
    expect(history.mean[0]).toBeNaN();
    expect(history.count[0]).toBe(0);
    expect(history.count.reduce((a, b) => a + b, 0)).toBe(20);
  });

  it('ignores repeated steps of a run that went on from a checkpoint', () => {
    const table = filled([5, 4, 3]);
    expect(table.append([3, 0.2, 50], [9])).toBe(false);
    expect(table.append([4, 0.3, 60], [2])).toBe(true);
    expect([...table.history(0, 'step').mean]).toEqual([5, 4, 3, 2]);
  });

  it('takes a million rows in bounded memory and few seconds', () => {
    const table = new SampleTable(4);
    const started = performance.now();
    for (let i = 0; i < 1_000_000; i += 1)
      table.append([i + 1, i / 1000, i], [i === 123_456 ? 1e6 : 1, 0, 0, 0]);
    const history = table.history(0, 'step');
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(history.x.length).toBeLessThanOrEqual(16_384 + 4096);
    expect(Math.max(...history.max)).toBe(1e6);
    expect(table.length).toBe(1_000_000);
  });
});
