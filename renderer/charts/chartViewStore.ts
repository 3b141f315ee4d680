import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { z } from 'zod';
import { remembered } from '../app/remembered.ts';
import type { Metric } from './lines.ts';
import type { XRange } from '../series/reduce.ts';
import { X_AXES, type XAxis } from '../series/series.ts';
import type { YRange } from './yRange.ts';
import { DEFAULT_SMOOTHING, MAX_SMOOTHING } from '../series/smoothing.ts';

const schema = z.object({
  axis: z.enum(X_AXES).catch('step').default('step'),
  smoothing: z.number().min(0).max(MAX_SMOOTHING).catch(DEFAULT_SMOOTHING).default(DEFAULT_SMOOTHING),
  isSmoothed: z.boolean().catch(true).default(true),
  ignoresOutliers: z.boolean().catch(true).default(true),
  logMetrics: z.array(z.string()).catch([]).default([]),
});
type Kept = z.output<typeof schema>;

/**
 * The view of the curves. All charts share the x axis, so that crosshair and zoom move together; each chart has its own
 * y axis. Settings are kept.
 */
export const useChartViewStore = defineStore('chartView', () => {
  const kept = remembered('normlab.charts', schema);
  /** The visible range of the x axis, shared by all charts; null shows the whole run. */
  const zoom = shallowRef<XRange | null>(null);
  /** The visible y range by chart; charts without an entry follow their values. */
  const zoomsY = shallowRef<ReadonlyMap<Metric, YRange>>(new Map());
  /** The x value of the crosshair; null hides it. */
  const hoverX = shallowRef<number | null>(null);
  /** The run whose lines are highlighted, while the pointer is on its name. */
  const highlighted = shallowRef<string | null>(null);

  function change(part: Partial<Kept>): void {
    kept.value = { ...kept.value, ...part };
  }

  const axis = computed({
    get: () => kept.value.axis,
    set: (next: XAxis) => {
      zoom.value = null;
      hoverX.value = null;
      change({ axis: next });
    },
  });
  const smoothing = computed({
    get: () => kept.value.smoothing,
    set: (next: number) => change({ smoothing: Math.min(MAX_SMOOTHING, Math.max(0, next)) }),
  });
  const isSmoothed = computed({
    get: () => kept.value.isSmoothed,
    set: (next: boolean) => change({ isSmoothed: next }),
  });
  const ignoresOutliers = computed({
    get: () => kept.value.ignoresOutliers,
    set: (next: boolean) => change({ ignoresOutliers: next }),
  });
  /** Weight in use: 0 when smoothing is off. */
  const weight = computed(() => (kept.value.isSmoothed ? kept.value.smoothing : 0));

  const zoomY = (metric: Metric): YRange | null => zoomsY.value.get(metric) ?? null;
  function setZoomY(metric: Metric, range: YRange | null): void {
    const others = [...zoomsY.value].filter(([other]) => other !== metric);
    zoomsY.value = new Map(range === null ? others : [...others, [metric, range]]);
  }
  /** Shows the whole run: resets the y axis of one chart and the x axis of all charts. */
  function resetZoom(metric: Metric): void {
    zoom.value = null;
    setZoomY(metric, null);
  }
  function resetAll(): void {
    zoom.value = null;
    zoomsY.value = new Map();
  }
  const isZoomed = (metric: Metric): boolean => zoom.value !== null || zoomsY.value.has(metric);

  const isLog = (metric: Metric): boolean => kept.value.logMetrics.includes(metric);
  function toggleLog(metric: Metric): void {
    const { logMetrics } = kept.value;
    setZoomY(metric, null);
    change({
      logMetrics: isLog(metric) ? logMetrics.filter((other) => other !== metric) : [...logMetrics, metric],
    });
  }

  return {
    ...{ axis, smoothing, isSmoothed, ignoresOutliers, weight, hoverX, highlighted, isLog, toggleLog },
    ...{ zoom, zoomY, setZoomY, isZoomed, resetZoom, resetAll },
    isAnyZoomed: computed(() => zoom.value !== null || zoomsY.value.size > 0),
  };
});
