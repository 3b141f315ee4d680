import { readBefore, readNearest, type ChartLine, type DrawnRun, type LineRole } from './lines.ts';
import { nearestIndex } from '../series/reduce.ts';

/** A validation value with the end of the epoch at which it was measured. */
export interface ValidationReading {
  readonly value: number;
  readonly epoch: number;
}

/** The values of one run in one chart, at the crosshair or the newest ones. */
export interface Reading {
  readonly runId: string;
  readonly name: string;
  readonly color: string;
  /** Smoothed if smoothing is on; NaN where there is no value. */
  readonly main: number;
  /** As measured; null where `main` is the measured value itself. */
  readonly raw: number | null;
  /** The last one measured at or before the crosshair; null where there is none. */
  readonly validation: ValidationReading | null;
  /** That of the raw weights beside their moving average; null where there is none. */
  readonly rawValidation: ValidationReading | null;
}

/** One row per run, largest value first; at `x`, or the newest values for null. */
export function readingsOf(
  lines: readonly ChartLine[],
  runs: readonly Omit<DrawnRun, 'series'>[],
  x: number | null,
): Reading[] {
  const find = (runId: string, role: LineRole): ChartLine | undefined =>
    lines.find((line) => line.runId === runId && line.role === role);
  const rows = runs.flatMap(({ runId, name, color }) => {
    const [main, raw] = [find(runId, 'main'), find(runId, 'raw')];
    const [validation, rawValidation] = [find(runId, 'validation'), find(runId, 'rawValidation')];
    if (main === undefined && validation === undefined) return [];
    return [
      {
        ...{ runId, name, color },
        main: main === undefined ? NaN : trained(main, x),
        raw: raw === undefined ? null : trained(raw, x),
        validation: measured(validation, x),
        rawValidation: measured(rawValidation, x),
      },
    ];
  });
  return rows.sort((a, b) => rank(b.main) - rank(a.main));
}

/**
 * The position of a crosshair at `x`: the nearest entry of any line, so that its values belong to that step; `x` itself
 * without lines.
 */
export function snapX(lines: readonly ChartLine[], x: number): number {
  let best: number | null = null;
  for (const line of lines) {
    const near = line.x[nearestIndex(line.x, x)];
    if (near !== undefined && (best === null || Math.abs(near - x) < Math.abs(best - x))) best = near;
  }
  return best ?? x;
}

/** NaN where the run ended before the crosshair. */
function trained(line: ChartLine, x: number | null): number {
  return x === null ? (line.y.at(-1) ?? NaN) : (readNearest(line, x)?.y ?? NaN);
}

function measured(line: ChartLine | undefined, x: number | null): ValidationReading | null {
  const index = line === undefined ? -1 : readBefore(line, x ?? Infinity);
  const [value, epoch] = [line?.y[index], line?.epochs?.[index]];
  return value === undefined || epoch === undefined ? null : { value, epoch };
}

function rank(value: number): number {
  return Number.isNaN(value) ? -Infinity : value;
}
