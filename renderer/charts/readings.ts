import { readAt, type ChartLine, type DrawnRun, type LineRole } from './lines.ts';

/** The numbers of one run in one chart, at the crosshair or at its newest. */
export interface Reading {
  readonly runId: string;
  readonly name: string;
  readonly color: string;
  /** Smoothed where smoothing is on; NaN where there is no value. */
  readonly main: number;
  /** As measured; null where `main` is the measured value itself. */
  readonly raw: number | null;
  /** Null where the run has none. */
  readonly validation: number | null;
  /** Of the raw weights beside their moving average; null where the run has none. */
  readonly rawValidation: number | null;
}

/** A row a run, largest value first; at `x`, or at the newest values for null. */
export function readingsOf(
  lines: readonly ChartLine[],
  runs: readonly Omit<DrawnRun, 'series'>[],
  x: number | null,
): Reading[] {
  const at = (runId: string, role: LineRole): number | null => {
    const line = lines.find((candidate) => candidate.runId === runId && candidate.role === role);
    if (line === undefined) return null;
    return x === null ? newest(line) : (readAt(line, x)?.y ?? NaN);
  };
  const rows = runs.flatMap(({ runId, name, color }) => {
    const main = at(runId, 'main');
    const validation = at(runId, 'validation');
    // NaN where a run has ended before the crosshair, null where it never had such a line.
    if (main === null && validation === null) return [];
    return [
      {
        runId,
        name,
        color,
        main: main ?? NaN,
        raw: at(runId, 'raw'),
        validation,
        rawValidation: at(runId, 'rawValidation'),
      },
    ];
  });
  return rows.sort((a, b) => rank(b.main) - rank(a.main));
}

function newest(line: ChartLine): number {
  return line.y.at(-1) ?? NaN;
}

function rank(value: number): number {
  return Number.isNaN(value) ? -Infinity : value;
}
