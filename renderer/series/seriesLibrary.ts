import type { LabResult } from '#core/contract/labApi.ts';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { RunSeries } from './runSeries.ts';

/** Reads a run's metrics from disk, from event number `from` on. */
type FetchMetrics = (runId: string, from: number) => Promise<LabResult<'run.metrics'>>;

interface Followed {
  series: RunSeries;
  /** The read in progress; null when there is none. */
  filling: Promise<void> | null;
  /** Live events were refused for a gap during a read, so the disk must be read again. */
  hasGap: boolean;
}

/** The metrics of every run that is shown: history from disk, then live events; gaps are filled from disk. */
export class SeriesLibrary {
  readonly #runs = new Map<string, Followed>();
  readonly #fetch: FetchMetrics;
  readonly #changed: () => void;

  constructor(fetch: FetchMetrics, changed: () => void) {
    this.#fetch = fetch;
    this.#changed = changed;
  }

  /** The metrics of a followed run. */
  get(runId: string): RunSeries | undefined {
    return this.#runs.get(runId)?.series;
  }

  /**
   * Starts to keep a run's metrics, or reads the disk once more; resolves when the history is loaded. Rejects as
   * `fetch` does.
   */
  follow(runId: string): Promise<void> {
    const run = this.#runs.get(runId) ?? { series: new RunSeries(), filling: null, hasGap: false };
    this.#runs.set(runId, run);
    return this.#fill(runId, run);
  }

  /**
   * Drops a run's metrics and reads them anew: a resumed run repeats what it did after its checkpoint, and its events
   * are numbered from there.
   */
  restart(runId: string): void {
    const run = this.#runs.get(runId);
    if (run === undefined || run.series.next === 0) return;
    run.series = new RunSeries();
    // A read in progress may have begun before: it reads the disk once more.
    run.hasGap = true;
    this.#fill(runId, run).catch(() => undefined);
  }

  /** Adds live events, numbered from `first`; those of a run that is not followed are ignored. */
  take(runId: string, first: number, events: readonly MetricEvent[]): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    if (run.series.add(first, events)) this.#changed();
    else if (run.filling === null) this.#fill(runId, run).catch(() => undefined);
    else run.hasGap = true;
  }

  /** Reads what was missed while the connection was lost. */
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
        // Values read before a restart are outdated.
        if (series !== run.series) continue;
        series.add(from, events);
        if (events.length > 0) this.#changed();
        if (events.length === 0 || next <= from) break;
      }
    } while (run.hasGap);
  }
}
