import type { MetricEvent } from '#core/contract/metricEvent.ts';
import type { TrainEvent } from './trainEvents.ts';

/**
 * Collects metric events and delivers them in batches, at most ten times a second: a step never waits for a listener.
 */
export interface EventStream {
  /** Number of the next metric event. */
  metric(event: MetricEvent): void;
  /** Delivers the collected events, then `event`. */
  now(event: TrainEvent): void;
  flush(): void;
}

const BATCH_MS = 100;

/** `first` is the number of the first metric event to be added. */
export function openEventStream(emit: (event: TrainEvent) => void, first: number): EventStream {
  let waiting: MetricEvent[] = [];
  let next = first;
  let flushedAt = -Infinity;
  const flush = (): void => {
    if (waiting.length > 0) emit({ type: 'metrics', first: next, events: waiting });
    next += waiting.length;
    waiting = [];
    flushedAt = performance.now();
  };
  return {
    metric: (event) => {
      waiting.push(event);
      if (performance.now() - flushedAt >= BATCH_MS) flush();
    },
    now: (event) => {
      flush();
      emit(event);
    },
    flush,
  };
}
