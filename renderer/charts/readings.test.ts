import { describe, expect, it } from 'vitest';
import type { ChartLine, LineRole } from './lines.ts';
import { readingsOf, snapX } from './readings.ts';

/** Entries at x of 1, 2, 3 … */
const line = (runId: string, role: LineRole, y: number[]): ChartLine => ({
  runId,
  role,
  color: '',
  points: [],
  x: Float64Array.from(y, (_, i) => i + 1),
  y: Float64Array.from(y),
});
/** Measured at the end of each epoch of two steps. */
const validated = (runId: string, y: number[]): ChartLine => ({
  ...line(runId, 'validation', y),
  x: Float64Array.from(y, (_, i) => 2 * (i + 1)),
  epochs: Float64Array.from(y, (_, i) => i + 1),
});
const runs = ['a', 'b'].map((runId) => ({ runId, name: `run ${runId}`, color: `c${runId}` }));

describe('readingsOf', () => {
  const lines = [
    line('a', 'raw', [5, 3, 1, 0.5]),
    line('a', 'main', [5, 4, 3, 2]),
    validated('a', [7, 6]),
    line('b', 'main', [9, 1]),
  ];

  it('reads smoothed and raw values at the crosshair, largest first', () => {
    expect(readingsOf(lines, runs, 2)).toEqual([
      {
        ...{ runId: 'a', name: 'run a', color: 'ca', main: 4, raw: 3 },
        ...{ validation: { value: 7, epoch: 1 }, rawValidation: null },
      },
      { runId: 'b', name: 'run b', color: 'cb', main: 1, raw: null, validation: null, rawValidation: null },
    ]);
  });

  it('never reads a later validation for an earlier step: the last at the crosshair or before it, with its epoch', () => {
    const validationAt = [1, 2, 3, 4, 9].map(
      (x) => readingsOf(lines, runs, x).find(({ runId }) => runId === 'a')?.validation,
    );
    const [first, second] = [
      { value: 7, epoch: 1 },
      { value: 6, epoch: 2 },
    ];
    expect(validationAt).toEqual([null, first, first, second, second]);
  });

  it('puts a run that has ended before the crosshair last', () => {
    expect(readingsOf(lines, runs, 3).map((row) => [row.runId, row.main])).toEqual([
      ['a', 3],
      ['b', NaN],
    ]);
  });

  it('reads the newest values without a crosshair', () => {
    const rows = readingsOf(lines, runs, null);
    expect(rows.map((row) => [row.runId, row.main, row.raw])).toEqual([
      ['a', 2, 0.5],
      ['b', 1, null],
    ]);
    expect(rows[0]?.validation).toEqual({ value: 6, epoch: 2 });
  });

  it('leaves runs without lines out', () => {
    expect(readingsOf([], runs, null)).toEqual([]);
  });
});

describe('snapX', () => {
  it('stands at the nearest entry of any line', () => {
    const lines = [line('a', 'main', [1, 1, 1]), validated('a', [1, 1])];
    expect([0, 1.4, 2.6, 3.6, 50].map((x) => snapX(lines, x))).toEqual([1, 1, 3, 4, 4]);
    expect(snapX([], 1.5)).toBe(1.5);
  });
});
