import type { LabResult } from '#core/contract/labApi.ts';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { RunSeries } from './runSeries.ts';

/** Reads what is on disk of a run's metrics, from event number `from` on. */
type FetchMetrics = (runId: string, from: number) => Promise<LabResult<'run.metrics'>>;

interface Followed {
  series: RunSeries;
  /** The filling under way; null when there is none. */
  filling: Promise<void> | null;
  /** Live events were refused for a gap while filling, so another look at the disk is needed. */
  hasGap: boolean;
}

/** The metrics of every run that somebody looks at: history from disk, then live events, gaps filled from disk. */
export class SeriesLibrary {
  readonly #runs = new Map<string, Followed>();
  readonly #fetch: FetchMetrics;
  readonly #changed: () => void;

  constructor(fetch: FetchMetrics, changed: () => void) {
    this.#fetch = fetch;
    this.#changed = changed;
  }

  /** The numbers of a followed run. */
  get(runId: string): RunSeries | undefined {
    return this.#runs.get(runId)?.series;
  }

  /**
   * Begins to keep a run's metrics, or looks once more at the disk; done when history is in. Rejects as `fetch` does.
   */
  follow(runId: string): Promise<void> {
    const run = this.#runs.get(runId) ?? { series: new RunSeries(), filling: null, hasGap: false };
    this.#runs.set(runId, run);
    return this.#fill(runId, run);
  }

  /**
   * Forgets a run's numbers and reads them anew: one that is taken up from a checkpoint does again what it did after
   * it, and its events are numbered from there.
   */
  restart(runId: string): void {
    const run = this.#runs.get(runId);
    if (run === undefined || run.series.next === 0) return;
    run.series = new RunSeries();
    // A reading under way may have begun before: it looks at the disk once more.
    run.hasGap = true;
    this.#fill(runId, run).catch(() => undefined);
  }

  /** Live events, numbered from `first`; those of a run that nobody follows are passed over. */
  take(runId: string, first: number, events: readonly MetricEvent[]): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    if (run.series.add(first, events)) this.#changed();
    else if (run.filling === null) this.#fill(runId, run).catch(() => undefined);
    else run.hasGap = true;
  }

  /** Looks for what was missed while the connection was down. */
  refill(): void {
    for (const [runId, run] of this.#runs) this.#fill(runId, run).catch(() => undefined);
  }

  #fill(runId: string, run: Followed): Promise<void> {
    run.filling ??= this.#readAll(runId, run).finally(() => {
      run.filling = null;
    });
    return run.filling;
  }

  async #readAll(runId: string, run: Followed): Promise<void> {
    do {
      run.hasGap = false;
      for (;;) {
        const { series } = run;
        const from = series.next;
        const { events, next } = await this.#fetch(runId, from);
        // What was read of the numbers before a restart is of no use.
        if (series !== run.series) continue;
        series.add(from, events);
        if (events.length > 0) this.#changed();
        if (events.length === 0 || next <= from) break;
      }
    } while (run.hasGap);
  }
}
