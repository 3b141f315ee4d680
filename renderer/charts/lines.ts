import {
  lowerBound,
  nearestIndex,
  reduceToMeans,
  reduceToPoints,
  type Point,
  type XRange,
} from '../series/reduce.ts';
import { EPOCH_COLUMNS, STEP_COLUMNS, type RunSeries } from '../series/runSeries.ts';
import type { ColumnHistory, XAxis } from '../series/series.ts';
import { smooth } from '../series/smoothing.ts';

const METRICS = ['loss', 'accuracy', 'lr', 'speed', 'gradientNorm'] as const;
export type Metric = (typeof METRICS)[number];

interface Source {
  readonly step: number;
  readonly validation: number | null;
  /** That of the raw weights, where `validation` is that of their moving average. */
  readonly rawValidation?: number;
  readonly isSmoothed: boolean;
  /** Drawn only where a run has values. */
  readonly isOptional?: boolean;
}

/** The columns of a metric; the learning rate is exact and never smoothed. */
const SOURCES: Readonly<Record<Metric, Source>> = {
  loss: {
    step: STEP_COLUMNS.loss,
    validation: EPOCH_COLUMNS.valLoss,
    rawValidation: EPOCH_COLUMNS.rawValLoss,
    isSmoothed: true,
  },
  accuracy: {
    step: STEP_COLUMNS.accuracy,
    validation: EPOCH_COLUMNS.valAccuracy,
    rawValidation: EPOCH_COLUMNS.rawValAccuracy,
    isSmoothed: true,
  },
  lr: { step: STEP_COLUMNS.lr, validation: null, isSmoothed: false },
  speed: { step: STEP_COLUMNS.imagesPerSecond, validation: null, isSmoothed: true },
  gradientNorm: { step: STEP_COLUMNS.gradientNorm, validation: null, isSmoothed: true, isOptional: true },
};

/**
 * The style of a line: `raw` faint behind `main`; `validation` dashed, one point per epoch; `rawValidation` dotted
 * behind it.
 */
export const ROLES = ['main', 'raw', 'validation', 'rawValidation'] as const;
export type LineRole = (typeof ROLES)[number];

export interface ChartLine {
  readonly runId: string;
  readonly role: LineRole;
  readonly color: string;
  /** The drawn points, reduced to the chart's width. */
  readonly points: Point[];
  /** All entries, for exact values at the crosshair. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** For a validation line: the epoch at whose end each entry was measured. */
  readonly epochs?: Float64Array;
}

export interface DrawnRun {
  readonly runId: string;
  readonly name: string;
  readonly color: string;
  readonly series: RunSeries;
}

/** The input of a chart, as reactive properties. */
export interface Curves {
  readonly metric: Metric;
  readonly runs: readonly DrawnRun[];
  /** Incremented when new values arrive: a series grows in place. */
  readonly version: number;
}

export interface LineView {
  readonly axis: XAxis;
  /** Smoothing weight; 0: no smoothing. */
  readonly smoothing: number;
  readonly range: XRange;
  /** Width of the chart, in pixels. */
  readonly columns: number;
}

/** The lines of one metric of one run: raw, smoothed and validation, each if it has values. */
export function linesOf(run: DrawnRun, metric: Metric, view: LineView): ChartLine[] {
  const source = SOURCES[metric];
  if (!hasMetric(run, metric)) return [];
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
  lines.push(...epochLine(run, 'validation', source.validation, view));
  lines.push(...epochLine(run, 'rawValidation', source.rawValidation ?? null, view));
  return lines;
}

/** Whether a run has this metric: the gradient's norm exists only where gradients are clipped. */
function hasMetric({ series }: Pick<DrawnRun, 'series'>, metric: Metric): boolean {
  const { step, isOptional } = SOURCES[metric];
  return isOptional !== true || Number.isFinite(series.steps.last(step));
}

/** The metrics to draw for these runs: those that one of them has, and those that every run has. */
export function metricsOf(runs: readonly Pick<DrawnRun, 'series'>[]): Metric[] {
  return METRICS.filter(
    (metric) => SOURCES[metric].isOptional !== true || runs.some((run) => hasMetric(run, metric)),
  );
}

function epochLine(
  run: DrawnRun,
  role: 'validation' | 'rawValidation',
  column: number | null,
  view: LineView,
): ChartLine[] {
  if (column === null) return [];
  const history = run.series.epochs.history(column, view.axis);
  if (!history.mean.some((value) => Number.isFinite(value))) return [];
  const epochs = run.series.epochs.history(column, 'epoch').x;
  return [{ ...line(run, role, history, history.mean, view), epochs }];
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

/** The value of a line nearest to `x`, with its own x; null in an empty line or beyond its end. */
export function readNearest(of: ChartLine, x: number): Point | null {
  const last = of.x.at(-1);
  if (last === undefined || x > last) return null;
  const index = nearestIndex(of.x, x);
  return { x: of.x[index] ?? NaN, y: of.y[index] ?? NaN };
}

/** Index of the last entry of a line at or before `x`; -1 where there is none. */
export function readBefore(of: ChartLine, x: number): number {
  const above = lowerBound(of.x, x);
  return of.x[above] === x ? above : above - 1;
}

/** The smallest and the largest x of all lines; null when there is none. */
export function wholeRange(runs: readonly DrawnRun[], axis: XAxis): XRange | null {
  let range: XRange | null = null;
  for (const { series } of runs) {
    if (series.steps.length === 0) continue;
    const to = Math.max(series.steps.lastX(axis), range?.to ?? -Infinity);
    range = { from: 0, to };
  }
  return range;
}
