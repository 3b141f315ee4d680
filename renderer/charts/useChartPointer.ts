import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { useChartViewStore } from './chartViewStore.ts';
import type { LineChart } from './lineChart.ts';

/** Shortest drag that zooms, in CSS pixels: less is a click. */
const MIN_DRAG_PX = 6;

/** Pointer on a chart: moving sets the crosshair of all charts, dragging across zooms them, double-click shows the whole run. */
export function useChartPointer(chart: ShallowRef<LineChart | null>): {
  /** The stretch being dragged, in CSS pixels from the canvas's left edge; null while nothing is. */
  readonly drag: ComputedRef<{ left: number; width: number } | null>;
  onDown(event: PointerEvent): void;
  onMove(event: PointerEvent): void;
  onUp(event: PointerEvent): void;
  onLeave(): void;
  onDoubleClick(): void;
} {
  const view = useChartViewStore();
  const from = shallowRef<number | null>(null);
  const to = shallowRef(0);

  function pixelIn(event: PointerEvent): number {
    const { left, right } = chart.value?.plot() ?? { left: 0, right: 0 };
    return Math.min(right, Math.max(left, event.offsetX));
  }

  const drag = computed(() =>
    from.value === null || Math.abs(to.value - from.value) < MIN_DRAG_PX
      ? null
      : { left: Math.min(from.value, to.value), width: Math.abs(to.value - from.value) },
  );

  return {
    drag,
    onDown: (event) => {
      if (event.button !== 0) return;
      from.value = pixelIn(event);
      to.value = from.value;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
    },
    onMove: (event) => {
      to.value = pixelIn(event);
      view.hoverX = chart.value?.valueAt(to.value) ?? null;
    },
    onUp: () => {
      const stretch = drag.value;
      from.value = null;
      if (stretch === null || chart.value === null) return;
      const start = chart.value.valueAt(stretch.left);
      const end = chart.value.valueAt(stretch.left + stretch.width);
      if (start !== null && end !== null && end > start) view.zoom = { from: start, to: end };
    },
    onLeave: () => {
      view.hoverX = null;
    },
    onDoubleClick: () => {
      view.zoom = null;
    },
  };
}
