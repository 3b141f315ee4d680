import type { MetricEvent } from '#core/contract/metricEvent.ts';
import type { Lab } from '../client/useLab.ts';

/** All metrics of a run from the disk, not the reduced ones of the charts, page by page. */
export async function* readMetrics(lab: Lab, runId: string): AsyncGenerator<readonly MetricEvent[]> {
  for (let from = 0; ;) {
    const { events, next } = await lab.call('run.metrics', { runId, from });
    yield events;
    if (events.length === 0 || next <= from) return;
    from = next;
  }
}
