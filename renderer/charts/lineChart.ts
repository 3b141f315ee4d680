import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartDataset,
  type ScaleOptions,
} from 'chart.js';
import type { ChartTheme } from './chartTheme.ts';
import type { ChartLine, LineRole } from './lines.ts';
import type { Point, XRange } from './reduce.ts';
import { tickLabels } from './tickLabels.ts';
import type { YRange } from './yRange.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** Everything that one picture of a chart is made of. */
export interface Picture {
  readonly lines: readonly ChartLine[];
  readonly x: XRange;
  readonly y: YRange;
  readonly isLog: boolean;
  readonly theme: ChartTheme;
  formatX(value: number): string;
  /** `digits`: how many figures matter. */
  formatY(value: number, digits?: number): string;
}

export interface LineChart {
  show(picture: Picture): void;
  /** Where an x value stands, in CSS pixels from the canvas's left edge; null while nothing is shown. */
  pixelOf(x: number): number | null;
  valueAt(pixel: number): number | null;
  /** Left and right edge of the plot, in CSS pixels. */
  plot(): { left: number; right: number; top: number; bottom: number };
  /** The picture on its theme's background; null where the browser cannot make one. */
  png(): Promise<Blob | null>;
  destroy(): void;
}

/** A line chart on `canvas`. Pointers are the caller's business: Chart.js's own events are off. */
export function createLineChart(canvas: HTMLCanvasElement): LineChart {
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: {
      parsing: false,
      normalized: true,
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: 6, right: 2, bottom: 0, left: 0 } },
    },
  });
  let background = '';
  return {
    show: (picture) => {
      ({ background } = picture.theme);
      chart.data.datasets = picture.lines.map((line) => datasetOf(line, picture.theme));
      chart.options.scales = { x: xScale(picture), y: yScale(picture) };
      chart.update('none');
    },
    pixelOf: (x) => chart.scales['x']?.getPixelForValue(x) ?? null,
    valueAt: (pixel) => chart.scales['x']?.getValueForPixel(pixel) ?? null,
    plot: () => chart.chartArea,
    png: () => paint(canvas, background),
    destroy: () => chart.destroy(),
  };
}

function paint(canvas: HTMLCanvasElement, background: string): Promise<Blob | null> {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d');
  if (context === null) return Promise.resolve(null);
  context.fillStyle = background;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  return new Promise((resolve) => copy.toBlob(resolve, 'image/png'));
}

const LOOK: Readonly<Record<LineRole, { width: number; alpha: number; dash: number[]; order: number }>> = {
  raw: { width: 1, alpha: 0.3, dash: [], order: 3 },
  main: { width: 1.6, alpha: 1, dash: [], order: 1 },
  validation: { width: 1.6, alpha: 1, dash: [5, 4], order: 2 },
  rawValidation: { width: 1.4, alpha: 0.7, dash: [1.5, 3], order: 2 },
};

function datasetOf(line: ChartLine, theme: ChartTheme): ChartDataset<'line', Point[]> {
  const look = LOOK[line.role];
  const color = withAlpha(theme.color(line.color), look.alpha);
  const hasMarks =
    line.points.length === 1 ||
    ((line.role === 'validation' || line.role === 'rawValidation') && line.points.length <= 40);
  return {
    data: [...line.points],
    borderColor: color,
    backgroundColor: color,
    borderWidth: look.width,
    borderDash: look.dash,
    borderJoinStyle: 'round',
    pointRadius: hasMarks ? 1.6 : 0,
    pointHoverRadius: 0,
    order: look.order,
  };
}

/** `#rrggbb` with an alpha of 0 to 1; other notations are given back as they are. */
function withAlpha(color: string, alpha: number): string {
  if (alpha === 1 || !/^#[\da-f]{6}$/i.test(color)) return color;
  return (
    color +
    Math.round(alpha * 255)
      .toString(16)
      .padStart(2, '0')
  );
}

function xScale(picture: Picture): ScaleOptions<'linear'> {
  const { theme, x } = picture;
  return {
    type: 'linear',
    min: x.from,
    max: x.to,
    border: { display: false },
    grid: { display: false },
    ticks: {
      color: theme.ticks,
      font: { family: theme.font, size: 11 },
      maxTicksLimit: 6,
      maxRotation: 0,
      autoSkipPadding: 14,
      align: 'inner',
      includeBounds: false,
      callback: (_, index, ticks) => tickLabels(ticks, [picture.formatX])[index],
    },
  };
}

function yScale(picture: Picture): ScaleOptions<'linear'> | ScaleOptions<'logarithmic'> {
  const { theme, y, isLog } = picture;
  const byDigits = [3, 4, 5, 6].map((digits) => (value: number) => picture.formatY(value, digits));
  return {
    type: isLog ? 'logarithmic' : 'linear',
    min: y.min,
    max: y.max,
    border: { display: false },
    grid: { color: theme.grid, lineWidth: 1, drawTicks: false },
    ticks: {
      color: theme.ticks,
      font: { family: theme.font, size: 11 },
      maxTicksLimit: 5,
      padding: 6,
      includeBounds: false,
      callback: (_: unknown, index: number, ticks: readonly { readonly value: number }[]) =>
        tickLabels(ticks, byDigits)[index],
    },
  };
}
