import { onBeforeUnmount, onMounted, shallowRef, watch, type ShallowRef } from 'vue';
import { useRunStore } from '../stores/runStore.ts';
import { readChartTheme, watchTheme } from './chartTheme.ts';
import { useChartViewStore } from './chartViewStore.ts';
import { createLineChart, type LineChart } from './lineChart.ts';
import { linesOf, wholeRange, type ChartLine, type Metric } from './lines.ts';
import { oncePerFrame } from './oncePerFrame.ts';
import type { XRange } from './reduce.ts';
import { yRangeOf } from './yRange.ts';

/** Draws a metric of all drawn runs on a canvas, anew whenever numbers, view, size or theme change, at most once a frame. */
export function useCurves(
  canvas: ShallowRef<HTMLCanvasElement | null>,
  metric: Metric,
  format: { x(value: number): string; y(value: number, digits?: number): string },
): {
  readonly chart: ShallowRef<LineChart | null>;
  readonly lines: ShallowRef<readonly ChartLine[]>;
  /** Counts pictures: what lies over the canvas moves with it. */
  readonly pictures: ShallowRef<number>;
} {
  const store = useRunStore();
  const view = useChartViewStore();
  const chart = shallowRef<LineChart | null>(null);
  const lines = shallowRef<readonly ChartLine[]>([]);
  const pictures = shallowRef(0);

  function shownRange(): XRange {
    return view.zoom ?? wholeRange(store.drawn, view.axis) ?? { from: 0, to: 1 };
  }

  const draw = oncePerFrame(() => {
    const element = canvas.value;
    if (chart.value === null || element === null || element.clientWidth === 0) return;
    const range = shownRange();
    const isLog = view.isLog(metric);
    const lineView = { axis: view.axis, smoothing: view.weight, range, columns: element.clientWidth };
    lines.value = store.drawn.flatMap((run) => linesOf(run, metric, lineView));
    const y = yRangeOf(lines.value, { isLog, ignoresOutliers: view.ignoresOutliers });
    chart.value.show({
      lines: lines.value,
      x: range,
      y: y ?? { min: isLog ? 0.1 : 0, max: 1 },
      isLog,
      theme: readChartTheme(element),
      formatX: format.x,
      formatY: format.y,
    });
    pictures.value += 1;
  });

  useLife(canvas, chart, draw);
  watch(
    () => [
      store.version,
      store.drawn,
      view.axis,
      view.weight,
      view.zoom,
      view.ignoresOutliers,
      view.isLog(metric),
    ],
    draw,
  );
  return { chart, lines, pictures };
}

/** Makes the chart when its canvas is there, draws on changes of size and theme, and takes it apart at the end. */
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
