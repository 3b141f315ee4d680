import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisTicks, formatX, yTicks } from './axisTicks.ts';
import { X_AXES } from '../series/series.ts';

const words = (axis: (typeof X_AXES)[number], from: number, to: number, most = 5): string[] => {
  const { step, values } = axisTicks(axis, { from, to }, most);
  return values.map((value) => formatX(axis, value, step, 'en'));
};

describe('ticks along x', () => {
  it('are round: whole steps, parts of an epoch, times as clocks count', () => {
    expect(words('step', 0, 2100)).toEqual(['0', '500', '1,000', '1,500', '2,000']);
    expect(words('step', 10.2, 12.4)).toEqual(['11', '12']);
    expect(words('epoch', 0, 2)).toEqual(['0', '0.5', '1', '1.5', '2']);
    expect(words('epoch', 1.501, 1.512)).toEqual(['1.505', '1.51']);
    expect(words('time', 0, 400_000)).toEqual(['0:00', '2:00', '4:00', '6:00']);
    expect(words('time', 3_590_000, 3_615_000)).toEqual([
      '59:50',
      '59:55',
      '1:00:00',
      '1:00:05',
      '1:00:10',
      '1:00:15',
    ]);
    expect(words('time', 1000, 2100)).toEqual(['0:01.0', '0:01.5', '0:02.0']);
  });

  it('are told apart by their words, however far one zooms in', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...X_AXES),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0.01, max: 1e7, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (axis, from, width, most) => {
          const range = { from, to: from + width };
          const { values } = axisTicks(axis, range, most);
          const labels = words(axis, range.from, range.to, most);
          expect(new Set(labels).size).toBe(labels.length);
          expect(values.length).toBeLessThanOrEqual(most + 1);
          for (const value of values) expect(value).toBeGreaterThanOrEqual(from - width * 1e-6);
        },
      ),
    );
  });

  it('are round along y too, and fewer where there is less room', () => {
    const tall = { isLog: false, heightPx: 200, gapPx: 20 };
    const rounded = (values: readonly number[]): number[] =>
      values.map((value) => Number(value.toPrecision(6)));
    expect(rounded(yTicks({ min: 0.13, max: 2.3 }, tall))).toEqual([0.5, 1, 1.5, 2]);
    expect(rounded(yTicks({ min: 0.13, max: 2.3 }, { ...tall, heightPx: 50 }))).toEqual([2]);
    const log = { ...tall, isLog: true };
    expect(rounded(yTicks({ min: 1e-6, max: 10 }, log))).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10]);
    expect(rounded(yTicks({ min: 0.04, max: 3 }, log))).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
    expect(rounded(yTicks({ min: 0.693, max: 0.6942 }, log))).toEqual([0.693, 0.6935, 0.694]);
  });

  it('need no room of nothing', () => {
    expect(axisTicks('step', { from: 3, to: 3 }, 5).values).toEqual([3]);
  });
});
