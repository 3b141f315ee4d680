import type { ChartLine } from './lines.ts';

export interface YRange {
  readonly min: number;
  readonly max: number;
}

interface YRangeOptions {
  readonly isLog: boolean;
  /** Lets spikes of the faint raw line run out of the chart. */
  readonly ignoresOutliers: boolean;
}

/** Share of raw values that is cut off at each end when outliers are ignored; TensorBoard's. */
const LOW_QUANTILE = 0.05;
const HIGH_QUANTILE = 0.95;
/** With fewer raw values than this none counts as an outlier. */
const FEWEST_FOR_OUTLIERS = 40;

/**
 * The y range for drawing lines, with a margin of 6 %. It always contains the smoothed and validation lines, and all
 * values of the raw ones, or their middle 90 % when outliers are ignored. Null when nothing can be drawn.
 */
export function yRangeOf(lines: readonly ChartLine[], options: YRangeOptions): YRange | null {
  const firm: number[] = [];
  for (const line of lines) {
    const values = drawable(line, options.isLog);
    if (line.role === 'raw' && options.ignoresOutliers) firm.push(...middleOf(values));
    else firm.push(...endsOf(values));
  }
  if (firm.length === 0) return null;
  const [min, max] = endsOf(firm) as [number, number];
  return options.isLog ? widenLog(min, max) : widen(min, max);
}

function drawable(line: ChartLine, isLog: boolean): number[] {
  const values = line.points.map((point) => point.y);
  return values.filter((value) => Number.isFinite(value) && (!isLog || value > 0));
}

function endsOf(values: readonly number[]): number[] {
  if (values.length === 0) return [];
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return [min, max];
}

function middleOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  if (sorted.length < FEWEST_FOR_OUTLIERS) return sorted;
  const middle = sorted.slice(Math.ceil(last * LOW_QUANTILE), Math.floor(last * HIGH_QUANTILE) + 1);
  return endsOf(middle);
}

function widen(min: number, max: number): YRange {
  const margin = max > min ? (max - min) * 0.06 : Math.abs(max) * 0.1 || 1;
  return { min: min - margin, max: max + margin };
}

function widenLog(min: number, max: number): YRange {
  const factor = max > min ? (max / min) ** 0.06 : 1.5;
  return { min: min / factor, max: max * factor };
}
