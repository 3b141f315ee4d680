import { nearestIndex, reduceToMeans, reduceToPoints, type Point, type XRange } from './reduce.ts';
import { EPOCH_COLUMNS, STEP_COLUMNS, type RunSeries } from './runSeries.ts';
import type { ColumnHistory, XAxis } from './series.ts';
import { smooth } from './smoothing.ts';

export const METRICS = ['loss', 'accuracy', 'lr', 'speed'] as const;
export type Metric = (typeof METRICS)[number];

/** Where a metric's numbers stand; the learning rate is exact and never smoothed. */
const SOURCES: Readonly<Record<Metric, { step: number; validation: number | null; isSmoothed: boolean }>> = {
  loss: { step: STEP_COLUMNS.loss, validation: EPOCH_COLUMNS.valLoss, isSmoothed: true },
  accuracy: { step: STEP_COLUMNS.accuracy, validation: EPOCH_COLUMNS.valAccuracy, isSmoothed: true },
  lr: { step: STEP_COLUMNS.lr, validation: null, isSmoothed: false },
  speed: { step: STEP_COLUMNS.imagesPerSecond, validation: null, isSmoothed: true },
};

/** How a line is drawn: `raw` faint behind `main`; `validation` dashed, a point an epoch. */
export type LineRole = 'raw' | 'main' | 'validation';

export interface ChartLine {
  readonly runId: string;
  readonly role: LineRole;
  readonly color: string;
  /** What is drawn, reduced to the picture's width. */
  readonly points: Point[];
  /** Every entry, for exact readings. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface DrawnRun {
  readonly runId: string;
  readonly name: string;
  readonly color: string;
  readonly series: RunSeries;
}

export interface LineView {
  readonly axis: XAxis;
  /** Smoothing weight; 0 is off. */
  readonly smoothing: number;
  readonly range: XRange;
  /** Width of the picture, in pixels. */
  readonly columns: number;
}

/** The lines of one metric of one run: raw, smoothed and validation, where each has anything to show. */
export function linesOf(run: DrawnRun, metric: Metric, view: LineView): ChartLine[] {
  const source = SOURCES[metric];
  const training = run.series.steps.history(source.step, view.axis);
  const isSmoothed = source.isSmoothed && view.smoothing > 0;
  const lines: ChartLine[] = [];
  if (training.x.length > 0) {
    lines.push(line(run, isSmoothed ? 'raw' : 'main', training, training.mean, view));
    if (isSmoothed) {
      const smoothed = smooth(training.mean, training.count, view.smoothing);
      const points = reduceToMeans(training.x, smoothed, view.range, columnsOf(view));
      lines.push({ runId: run.runId, role: 'main', color: run.color, points, x: training.x, y: smoothed });
    }
  }
  if (source.validation !== null) {
    const validation = run.series.epochs.history(source.validation, view.axis);
    if (validation.mean.some((value) => Number.isFinite(value))) {
      lines.push(line(run, 'validation', validation, validation.mean, view));
    }
  }
  return lines;
}

function line(
  run: DrawnRun,
  role: LineRole,
  history: ColumnHistory,
  y: Float64Array,
  view: LineView,
): ChartLine {
  const points = reduceToPoints(history, view.range, columnsOf(view));
  return { runId: run.runId, role, color: run.color, points, x: history.x, y };
}

function columnsOf(view: LineView): number {
  return Math.max(50, view.columns);
}

/**
 * Exact value of a line nearest to `x`, with the x it stands at; null in an empty line or beyond its end. Validation holds until the
 * next would have been due.
 */
export function readAt(of: ChartLine, x: number): Point | null {
  const last = of.x.at(-1);
  if (last === undefined) return null;
  const due = of.role === 'validation' ? last - (of.x.at(-2) ?? 0) : 0;
  if (x > last + due) return null;
  const index = nearestIndex(of.x, x);
  return { x: of.x[index] ?? NaN, y: of.y[index] ?? NaN };
}

/** From the smallest to the largest x of all lines; null when there is none. */
export function wholeRange(runs: readonly DrawnRun[], axis: XAxis): XRange | null {
  let range: XRange | null = null;
  for (const { series } of runs) {
    if (series.steps.length === 0) continue;
    const to = Math.max(series.steps.lastX(axis), range?.to ?? -Infinity);
    range = { from: 0, to };
  }
  return range;
}
