import type { ColumnHistory } from './series.ts';

/** A part of the x axis, both ends included. */
export interface XRange {
  readonly from: number;
  readonly to: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** First index whose `x` is not below `value`, in ascending `x`; its length when there is none. */
export function lowerBound(x: Float64Array, value: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] ?? NaN) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index whose `x` is nearest to `value`; -1 in an empty line. */
export function nearestIndex(x: Float64Array, value: number): number {
  const above = lowerBound(x, value);
  if (above === 0) return x.length === 0 ? -1 : 0;
  if (above === x.length) return above - 1;
  return (x[above] ?? NaN) - value < value - (x[above - 1] ?? NaN) ? above : above - 1;
}

/** Entries inside `range` and one neighbour on each side, so that a zoomed line reaches the edge of the chart. */
export function indicesIn(x: Float64Array, range: XRange): { start: number; end: number } {
  const start = Math.max(0, lowerBound(x, range.from) - 1);
  const end = Math.min(x.length, lowerBound(x, range.to) + 2);
  return { start, end: Math.max(start, end) };
}

/**
 * At most four points for each of `columns` slices of the range: first, smallest, largest and last, so that no spike is
 * lost. With fewer entries than that, all of them. Values that are not finite become gaps (`y` NaN).
 */
export function reduceToPoints(
  history: Pick<ColumnHistory, 'x' | 'min' | 'max' | 'isRising'>,
  range: XRange,
  columns: number,
): Point[] {
  const { start, end } = indicesIn(history.x, range);
  const points: Point[] = [];
  if (end - start <= columns * 2) {
    for (let i = start; i < end; i += 1) pushEntry(points, history, i);
    return points;
  }
  const perColumn = (end - start) / columns;
  for (let column = 0; column < columns; column += 1) {
    const first = start + Math.floor(column * perColumn);
    const last = column === columns - 1 ? end : start + Math.floor((column + 1) * perColumn);
    pushExtremes(points, history, first, last);
  }
  return points;
}

/**
 * A smoothed curve: the mean of each of `columns` slices, at the middle of its x values. With fewer than two entries
 * per slice, all of them. A slice without finite values becomes a gap.
 */
export function reduceToMeans(x: Float64Array, y: Float64Array, range: XRange, columns: number): Point[] {
  const { start, end } = indicesIn(x, range);
  const count = end - start;
  const slices = count <= columns * 2 ? count : columns;
  const edge = (slice: number): number => start + Math.floor((slice * count) / slices);
  return Array.from({ length: slices }, (_, slice) => meanPoint(x, y, edge(slice), edge(slice + 1)));
}

function meanPoint(x: Float64Array, y: Float64Array, first: number, end: number): Point {
  let sum = 0;
  let finite = 0;
  for (let i = first; i < end; i += 1) {
    const value = y[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    sum += value;
    finite += 1;
  }
  return { x: ((x[first] ?? NaN) + (x[end - 1] ?? NaN)) / 2, y: finite === 0 ? NaN : sum / finite };
}

type Extremes = Pick<ColumnHistory, 'x' | 'min' | 'max' | 'isRising'>;

function pushEntry(points: Point[], history: Extremes, i: number): void {
  const x = history.x[i] ?? NaN;
  const min = history.min[i] ?? NaN;
  const max = history.max[i] ?? NaN;
  if (min === max || Number.isNaN(min)) points.push({ x, y: max });
  else if (history.isRising[i] === 1) points.push({ x, y: min }, { x, y: max });
  else points.push({ x, y: max }, { x, y: min });
}

function pushExtremes(points: Point[], history: Extremes, first: number, end: number): void {
  let low = -1;
  let high = -1;
  let gap = -1;
  for (let i = first; i < end; i += 1) {
    const min = history.min[i] ?? NaN;
    const max = history.max[i] ?? NaN;
    if (Number.isNaN(min)) gap = i;
    else {
      if (low < 0 || min < (history.min[low] ?? NaN)) low = i;
      if (high < 0 || max > (history.max[high] ?? NaN)) high = i;
    }
  }
  const marks = [...new Set([first, low, high, gap, end - 1])].filter((i) => i >= 0).sort((a, b) => a - b);
  for (const i of marks) {
    const x = history.x[i] ?? NaN;
    if (i === low && i === high) pushEntry(points, history, i);
    else if (i === low) points.push({ x, y: history.min[i] ?? NaN });
    else points.push({ x, y: history.max[i] ?? NaN });
  }
}
