import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartDataset,
} from 'chart.js';
import { drawMarks, type ChartMark } from './chartMarks.ts';
import { xScale, yScale, type ScaleImage } from './chartScales.ts';
import type { ChartLine, LineRole } from './lines.ts';
import type { Point } from '../series/reduce.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** Everything that a drawing of a chart consists of. */
export interface Picture extends ScaleImage {
  readonly lines: readonly ChartLine[];
  readonly marks: readonly ChartMark[];
  /** The highlighted run; null where there is none. */
  readonly highlighted: string | null;
  /** Scale of the line widths, 1 on the screen. */
  readonly lineScale: number;
}

export interface LineChart {
  show(picture: Picture): void;
  /** The position of an x value, in CSS pixels from the canvas's left edge; null while nothing is shown. */
  pixelOf(x: number): number | null;
  valueAt(pixel: number): number | null;
  /** The y value at a pixel from the canvas's upper edge. */
  yAt(pixel: number): number | null;
  /** The edges of the plot, in CSS pixels. */
  plot(): { left: number; right: number; top: number; bottom: number };
  destroy(): void;
}

/** A size that does not follow the page, for an image to be saved. `ratio`: image pixels per CSS pixel. */
interface FixedSize {
  readonly ratio: number;
}

/** A line chart on `canvas`. The caller handles pointers: Chart.js's own events are off. */
export function createLineChart(canvas: HTMLCanvasElement, fixed: FixedSize | null = null): LineChart {
  let picture: Picture | null = null;
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: {
      parsing: false,
      normalized: true,
      animation: false,
      maintainAspectRatio: false,
      ...(fixed === null ? { responsive: true } : { responsive: false, devicePixelRatio: fixed.ratio }),
      events: [],
      layout: { padding: { top: 6, right: 4, bottom: 0, left: 0 } },
    },
    plugins: [
      {
        id: 'marks',
        afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
          if (picture !== null && scales['x'] !== undefined) drawMarks(ctx, picture, chartArea, scales['x']);
        },
      },
    ],
  });
  return {
    show: (next) => {
      picture = next;
      chart.data.datasets = next.lines.map((line) => datasetOf(line, next));
      chart.options.scales = { x: xScale(next), y: yScale(next) };
      chart.update('none');
    },
    pixelOf: (x) => chart.scales['x']?.getPixelForValue(x) ?? null,
    valueAt: (pixel) => chart.scales['x']?.getValueForPixel(pixel) ?? null,
    yAt: (pixel) => chart.scales['y']?.getValueForPixel(pixel) ?? null,
    plot: () => chart.chartArea,
    destroy: () => chart.destroy(),
  };
}

/** The style of a line of each role; legends draw the same. */
export const LINE_LOOK: Readonly<
  Record<LineRole, { width: number; alpha: number; dash: readonly number[]; order: number }>
> = {
  raw: { width: 1, alpha: 0.3, dash: [], order: 3 },
  main: { width: 1.6, alpha: 1, dash: [], order: 1 },
  validation: { width: 1.6, alpha: 1, dash: [5, 4], order: 2 },
  rawValidation: { width: 1.4, alpha: 0.7, dash: [1.5, 3], order: 2 },
};

/** Opacity of the lines that are not highlighted. */
const DIMMED = 0.2;

function datasetOf(line: ChartLine, picture: Picture): ChartDataset<'line', Point[]> {
  const { theme, highlighted, lineScale } = picture;
  const look = LINE_LOOK[line.role];
  const isDimmed = highlighted !== null && line.runId !== highlighted;
  const color = withAlpha(theme.color(line.color), look.alpha * (isDimmed ? DIMMED : 1));
  return {
    data: line.points,
    borderColor: color,
    backgroundColor: color,
    borderWidth: look.width * lineScale,
    borderDash: look.dash.map((length) => length * lineScale),
    borderJoinStyle: 'round',
    pointRadius: pointRadii(line, 1.6 * lineScale),
    pointHoverRadius: 0,
    order: look.order + (isDimmed ? 10 : 0),
  };
}

/** Dots where a line has few validation values, and for a single value between gaps: no line would show it. */
function pointRadii({ role, points }: ChartLine, radius: number): number | number[] {
  if (points.length === 1) return radius;
  if ((role === 'validation' || role === 'rawValidation') && points.length <= 40) return radius;
  const isGap = (index: number): boolean => !Number.isFinite(points[index]?.y ?? NaN);
  if (!points.some((_, index) => isGap(index))) return 0;
  return points.map((_, index) => (isGap(index - 1) && isGap(index + 1) ? radius : 0));
}

/** `#rrggbb` with an alpha of 0 to 1; other notations are returned unchanged. */
function withAlpha(color: string, alpha: number): string {
  if (alpha === 1 || !/^#[\da-f]{6}$/i.test(color)) return color;
  return (
    color +
    Math.round(alpha * 255)
      .toString(16)
      .padStart(2, '0')
  );
}
