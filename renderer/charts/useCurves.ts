import { onBeforeUnmount, onMounted, shallowRef, watch, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { formatValue } from '../text/formatDuration.ts';
import { notFiniteOf, type ChartMark } from './chartMarks.ts';
import { readChartTheme, watchTheme } from './chartTheme.ts';
import { useChartViewStore } from './chartViewStore.ts';
import { createLineChart, type LineChart, type Picture } from './lineChart.ts';
import { linesOf, wholeRange, type ChartLine, type Curves } from './lines.ts';
import { oncePerFrame } from '../ui/oncePerFrame.ts';
import { yRangeOf } from './yRange.ts';

/** Font size of the axes, in CSS pixels. */
const FONT_SIZE = 11;

/**
 * Draws one metric of the given runs on a canvas; redraws whenever values, view, size or theme change, at most once per
 * frame.
 */
export function useCurves(
  canvas: ShallowRef<HTMLCanvasElement | null>,
  curves: Curves,
): {
  readonly chart: ShallowRef<LineChart | null>;
  readonly lines: ShallowRef<readonly ChartLine[]>;
  /** Incremented at each redraw: overlays of the canvas move with it. */
  readonly pictures: ShallowRef<number>;
  /** The input of a drawing `columns` pixels wide, in the colours at `element`. */
  imageOf(columns: number, element: Element): Picture;
} {
  const view = useChartViewStore();
  const { locale } = useI18n();
  const marks = useMarks(curves);
  const chart = shallowRef<LineChart | null>(null);
  const lines = shallowRef<readonly ChartLine[]>([]);
  const pictures = shallowRef(0);

  function imageOf(columns: number, element: Element): Picture {
    const range = view.zoom ?? wholeRange(curves.runs, view.axis) ?? { from: 0, to: 1 };
    const isLog = view.isLog(curves.metric);
    const lineView = { axis: view.axis, smoothing: view.weight, range, columns };
    const all = curves.runs.flatMap((run) => linesOf(run, curves.metric, lineView));
    const whole = yRangeOf(all, { isLog, ignoresOutliers: view.ignoresOutliers });
    return {
      lines: all,
      marks: marks(),
      highlighted: view.highlighted,
      lineScale: 1,
      axis: view.axis,
      x: range,
      y: view.zoomY(curves.metric) ?? whole ?? { min: isLog ? 0.1 : 0, max: 1 },
      isLog,
      theme: readChartTheme(element),
      language: locale.value,
      formatY: formatValue,
      fontSize: FONT_SIZE,
    };
  }

  const draw = oncePerFrame(() => {
    const element = canvas.value;
    if (chart.value === null || element === null || element.clientWidth === 0) return;
    const picture = imageOf(element.clientWidth, element);
    lines.value = picture.lines;
    chart.value.show(picture);
    pictures.value += 1;
  });

  useLife(canvas, chart, draw);
  watch(
    () => [
      ...[curves.version, curves.runs, locale.value, view.highlighted, view.isLog(curves.metric)],
      ...[view.axis, view.weight, view.zoom, view.zoomY(curves.metric), view.ignoresOutliers],
    ],
    draw,
  );
  return { chart, lines, pictures, imageOf };
}

/** The labels of a chart's marks: where a loss is not finite, and of which run where there are several. */
function useMarks(curves: Curves): () => ChartMark[] {
  const view = useChartViewStore();
  const { t, locale } = useI18n();
  return () =>
    notFiniteOf(curves.runs, curves.metric, view.axis).map(({ run, of, step, x }) => {
      const words = t(`training.charts.notFinite.${of}`, { step: step.toLocaleString(locale.value) });
      const named = t('training.charts.ofRun', { run: run.name, words });
      return {
        x,
        color: run.color,
        words: curves.runs.length > 1 ? [named, words, step.toLocaleString(locale.value)] : [words],
      };
    });
}

/** Creates the chart when its canvas is mounted, redraws on changes of size and theme, and destroys it at the end. */
function useLife(
  canvas: ShallowRef<HTMLCanvasElement | null>,
  chart: ShallowRef<LineChart | null>,
  draw: () => void,
): void {
  const resized = new ResizeObserver(draw);
  let stopTheme: (() => void) | null = null;
  onMounted(() => {
    if (canvas.value === null) return;
    chart.value = createLineChart(canvas.value);
    resized.observe(canvas.value);
    stopTheme = watchTheme(draw);
    draw();
  });
  onBeforeUnmount(() => {
    resized.disconnect();
    stopTheme?.();
    chart.value?.destroy();
    chart.value = null;
  });
}
