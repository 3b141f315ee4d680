import { describe, expect, it } from 'vitest';
import type { ChartLine, LineRole } from './lines.ts';
import { readingsOf } from './readings.ts';

const line = (runId: string, role: LineRole, y: number[]): ChartLine => ({
  runId,
  role,
  color: '',
  points: [],
  x: Float64Array.from(y, (_, i) => i + 1),
  y: Float64Array.from(y),
});
const runs = ['a', 'b'].map((runId) => ({ runId, name: `run ${runId}`, color: `c${runId}` }));

describe('readingsOf', () => {
  const lines = [
    line('a', 'raw', [5, 3, 1]),
    line('a', 'main', [5, 4, 3]),
    line('a', 'validation', [7]),
    line('b', 'main', [9, 1]),
  ];

  it('reads exact values at the crosshair, largest first', () => {
    expect(readingsOf(lines, runs, 1)).toEqual([
      { runId: 'b', name: 'run b', color: 'cb', main: 9, raw: null, validation: null, rawValidation: null },
      { runId: 'a', name: 'run a', color: 'ca', main: 5, raw: 5, validation: 7, rawValidation: null },
    ]);
  });

  it('puts a run that has ended before the crosshair last', () => {
    expect(readingsOf(lines, runs, 3).map((row) => [row.runId, row.main])).toEqual([
      ['a', 3],
      ['b', NaN],
    ]);
  });

  it('reads the newest values without a crosshair', () => {
    expect(readingsOf(lines, runs, null).map((row) => [row.runId, row.main, row.raw])).toEqual([
      ['a', 3, 1],
      ['b', 1, null],
    ]);
  });

  it('leaves runs without lines out', () => {
    expect(readingsOf([], runs, null)).toEqual([]);
  });
});
