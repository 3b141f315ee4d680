import type { LabResult } from '#core/contract/labApi.ts';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { RunSeries } from './runSeries.ts';

/** Reads what is on disk of a run's metrics, from event number `from` on. */
export type FetchMetrics = (runId: string, from: number) => Promise<LabResult<'run.metrics'>>;

interface Followed {
  readonly series: RunSeries;
  stepsPerEpoch: number;
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

  /** Begins to keep a run's metrics, or looks once more at the disk; done when history is in. Rejects as `fetch` does. */
  follow(runId: string, stepsPerEpoch: number): Promise<void> {
    const known = this.#runs.get(runId);
    const run = known ?? { series: new RunSeries(), stepsPerEpoch, filling: null, hasGap: false };
    run.stepsPerEpoch = stepsPerEpoch;
    this.#runs.set(runId, run);
    return this.#fill(runId, run);
  }

  /** Corrects the length of an epoch, in steps, for what comes from now on. */
  place(runId: string, stepsPerEpoch: number): void {
    const run = this.#runs.get(runId);
    if (run !== undefined) run.stepsPerEpoch = stepsPerEpoch;
  }

  /** Live events, numbered from `first`; those of a run that nobody follows are passed over. */
  take(runId: string, first: number, events: readonly MetricEvent[]): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    if (run.series.add(first, events, run.stepsPerEpoch)) this.#changed();
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
        const from = run.series.next;
        const { events, next } = await this.#fetch(runId, from);
        run.series.add(from, events, run.stepsPerEpoch);
        if (events.length > 0) this.#changed();
        if (events.length === 0 || next <= from) break;
      }
    } while (run.hasGap);
  }
}
