/** Measurements of a page while it was observed. */
export interface Frames {
  /** Intervals between two animation frames. */
  readonly deltasMs: readonly number[];
  /** Tasks of the main thread that took more than 50 ms. */
  readonly longTasksMs: readonly number[];
}

interface Watch {
  deltasMs: number[];
  longTasksMs: number[];
  observer: PerformanceObserver;
  frame: number;
}

type Watched = typeof globalThis & { normlabFrames?: Watch };

/** Runs in the page: starts recording its frames. */
export function startFrames(): void {
  const watch: Watch = {
    deltasMs: [],
    longTasksMs: [],
    observer: new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) watch.longTasksMs.push(entry.duration);
    }),
    frame: 0,
  };
  watch.observer.observe({ type: 'longtask' });
  let before = performance.now();
  const tick = (): void => {
    const now = performance.now();
    watch.deltasMs.push(now - before);
    before = now;
    watch.frame = requestAnimationFrame(tick);
  };
  watch.frame = requestAnimationFrame(tick);
  (globalThis as Watched).normlabFrames = watch;
}

/** Runs in the page: stops recording. */
export function stopFrames(): Frames {
  const watch = (globalThis as Watched).normlabFrames;
  if (watch === undefined) return { deltasMs: [], longTasksMs: [] };
  cancelAnimationFrame(watch.frame);
  watch.observer.disconnect();
  return { deltasMs: watch.deltasMs, longTasksMs: watch.longTasksMs };
}
