import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { useChartViewStore } from './chartViewStore.ts';
import { dragZoom, type CanvasPoint, type DragZoom } from './dragZoom.ts';
import type { LineChart } from './lineChart.ts';
import type { ChartLine, Metric } from './lines.ts';
import { snapX } from './readings.ts';

/**
 * Pointer on a chart: moving sets the crosshair of all charts. Dragging along x zooms all of them, along y this one,
 * diagonally both; a double click shows the whole run.
 */
export function useChartPointer(
  chart: ShallowRef<LineChart | null>,
  lines: ShallowRef<readonly ChartLine[]>,
  metric: Metric,
): {
  /** The area selected by the drag, in CSS pixels of the canvas; null without a drag. */
  readonly drag: ComputedRef<DragZoom | null>;
  onDown(event: PointerEvent): void;
  onMove(event: PointerEvent): void;
  onUp(event: PointerEvent): void;
  onLeave(): void;
  onDoubleClick(): void;
} {
  const view = useChartViewStore();
  const start = shallowRef<CanvasPoint | null>(null);
  const now = shallowRef<CanvasPoint>({ x: 0, y: 0 });

  function pointOf(event: PointerEvent): CanvasPoint {
    const { left, right, top, bottom } = chart.value?.plot() ?? { left: 0, right: 0, top: 0, bottom: 0 };
    const clamp = (value: number, from: number, to: number): number => Math.min(to, Math.max(from, value));
    return { x: clamp(event.offsetX, left, right), y: clamp(event.offsetY, top, bottom) };
  }

  function zoomTo(wanted: DragZoom, on: LineChart): void {
    if (wanted.x) {
      const [from, to] = [on.valueAt(wanted.x.from), on.valueAt(wanted.x.to)];
      if (from !== null && to !== null && to > from) view.zoom = { from, to };
    }
    if (wanted.y) {
      // Pixel coordinates increase downwards.
      const [min, max] = [on.yAt(wanted.y.to), on.yAt(wanted.y.from)];
      if (min !== null && max !== null && max > min) view.setZoomY(metric, { min, max });
    }
  }

  const drag = computed(() => (start.value === null ? null : dragZoom(start.value, now.value)));

  return {
    drag,
    onDown: (event) => {
      if (event.button !== 0) return;
      start.value = pointOf(event);
      now.value = start.value;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
    },
    onMove: (event) => {
      now.value = pointOf(event);
      const x = chart.value?.valueAt(now.value.x) ?? null;
      view.hoverX = x === null ? null : snapX(lines.value, x);
    },
    onUp: () => {
      const wanted = drag.value;
      start.value = null;
      if (wanted !== null && chart.value !== null) zoomTo(wanted, chart.value);
    },
    onLeave: () => {
      view.hoverX = null;
    },
    onDoubleClick: () => view.resetZoom(metric),
  };
}
