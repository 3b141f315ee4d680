import type { EpochEvent, MetricEvent, StatisticsEvent, StepEvent } from '#core/contract/metricEvent.ts';
import { isBetterEpoch } from '#core/training/bestEpoch.ts';
import { SampleTable } from './series.ts';

/** Columns of `RunSeries.steps`. */
export const STEP_COLUMNS = { loss: 0, accuracy: 1, lr: 2, imagesPerSecond: 3, gradientNorm: 4 } as const;
/** Columns of `RunSeries.epochs`. */
export const EPOCH_COLUMNS = {
  loss: 0,
  accuracy: 1,
  valLoss: 2,
  valAccuracy: 3,
  rawValLoss: 4,
  rawValAccuracy: 5,
} as const;

const EPOCH_SIZES = { windowRows: 2048, buckets: 1024 };

/** Newest word on the stored BatchNorm statistics, worst block first. */
export interface StatisticsNow {
  /** Of each BatchNorm block: distance of its stored means from the batch’s, root mean square over channels, in standard deviations. */
  readonly drifts: ReadonlyMap<string, number>;
  /** Largest `|mu_B - mu_run| / sigma_run` of any channel, in standard deviations; NaN when not finite. */
  readonly worstDrift: number;
  readonly worstNode: string;
  /** Share of the running statistics that comes from batches seen, 0 to 1: least of all blocks. */
  readonly warmedUp: number;
}

/** What is known of one run's metrics. Not reactive: whoever shows it counts its versions. */
export class RunSeries {
  readonly steps = new SampleTable(5);
  readonly epochs = new SampleTable(6, EPOCH_SIZES);
  #next = 0;
  #statistics: StatisticsNow | null = null;
  #best: { readonly epoch: number; readonly valAccuracy: number } | null = null;

  /** Number of the first event not yet taken. */
  get next(): number {
    return this.#next;
  }

  get statistics(): StatisticsNow | null {
    return this.#statistics;
  }

  /** Best validation accuracy so far, at its first epoch (from 1). */
  get best(): { readonly epoch: number; readonly valAccuracy: number } | null {
    return this.#best;
  }

  /**
   * Takes the events numbered from `first` on; those known already are passed over. False, and nothing taken, when events
   * before `first` are missing: the caller must ask for them. `stepsPerEpoch` places steps on the epoch axis.
   */
  add(first: number, events: readonly MetricEvent[], stepsPerEpoch: number): boolean {
    if (first > this.#next) return false;
    for (const event of events.slice(this.#next - first)) this.#take(event, stepsPerEpoch);
    this.#next = Math.max(this.#next, first + events.length);
    return true;
  }

  #take(event: MetricEvent, stepsPerEpoch: number): void {
    if (event.kind === 'step') this.#takeStep(event, stepsPerEpoch);
    else if (event.kind === 'epoch') this.#takeEpoch(event, stepsPerEpoch);
    else this.#statistics = summarizeStatistics(event);
  }

  #takeStep(event: StepEvent, stepsPerEpoch: number): void {
    const epoch = event.step / stepsPerEpoch;
    const values = [
      event.loss ?? NaN,
      event.accuracy ?? NaN,
      event.lr,
      event.imagesPerSecond,
      event.gradientNorm ?? NaN,
    ];
    this.steps.append([event.step, epoch, event.elapsedMs], values);
  }

  #takeEpoch(event: EpochEvent, stepsPerEpoch: number): void {
    const epoch = event.step / stepsPerEpoch;
    const values = [
      event.loss ?? NaN,
      event.accuracy,
      event.valLoss ?? NaN,
      event.valAccuracy ?? NaN,
      event.rawValLoss ?? NaN,
      event.rawValAccuracy ?? NaN,
    ];
    if (!this.epochs.append([event.step, epoch, event.elapsedMs], values)) return;
    if (!isBetterEpoch(event.valAccuracy, this.#best)) return;
    this.#best = { epoch: Math.round(epoch), valAccuracy: event.valAccuracy };
  }
}

function summarizeStatistics(event: StatisticsEvent): StatisticsNow | null {
  let worst: { node: string; drift: number } | null = null;
  let coldest = 0;
  for (const layer of event.layers) {
    const drift = layer.worstDrift ?? Infinity;
    if (worst === null || drift > worst.drift) worst = { node: layer.node, drift };
    coldest = Math.max(coldest, layer.warmup);
  }
  if (worst === null) return null;
  return {
    worstDrift: Number.isFinite(worst.drift) ? worst.drift : NaN,
    worstNode: worst.node,
    drifts: new Map(event.layers.map((layer) => [layer.node, layer.drift ?? NaN])),
    warmedUp: 1 - coldest,
  };
}
