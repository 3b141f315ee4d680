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

/** Newest report on the stored BatchNorm statistics. */
interface StatisticsNow {
  /** Drift of each BatchNorm block, in standard deviations (`core/batchnorm/drift.ts`); NaN when not finite. */
  readonly drifts: ReadonlyMap<string, number>;
  /** The largest drift, and its block; a drift that is not finite counts as the largest. */
  readonly largestDrift: number;
  readonly largestNode: string;
  /** Share of the running statistics that comes from batches seen, 0 to 1: the smallest over all blocks. */
  readonly warmedUp: number;
}

/** The start of a range of losses that are not finite. */
export interface NotFinite {
  readonly of: 'loss' | 'validation';
  readonly step: number;
  readonly epoch: number;
  readonly elapsedMs: number;
}

/** Maximum number of ranges kept: a run that is often not finite must not use memory for each of its steps. */
const MAX_NOT_FINITE = 100;

/** The metrics of one run. Not reactive: its users watch a version counter. */
export class RunSeries {
  readonly steps = new SampleTable(5);
  readonly epochs = new SampleTable(6, EPOCH_SIZES);
  #next = 0;
  #statistics: StatisticsNow | null = null;
  readonly #notFinite: NotFinite[] = [];
  #best: { readonly epoch: number; readonly valAccuracy: number } | null = null;

  /** Number of the first event not yet added. */
  get next(): number {
    return this.#next;
  }

  get statistics(): StatisticsNow | null {
    return this.#statistics;
  }

  /** Where the loss was not finite, in order: the start of each range of such values. */
  get notFinite(): readonly NotFinite[] {
    return this.#notFinite;
  }

  /** Best validation accuracy so far, at its first epoch (from 1). */
  get best(): { readonly epoch: number; readonly valAccuracy: number } | null {
    return this.#best;
  }

  /**
   * Adds the events numbered from `first` on; known ones are skipped. Returns false and adds nothing when events before
   * `first` are missing: the caller must request them. An event's own epoch is its position on the epoch axis.
   */
  add(first: number, events: readonly MetricEvent[]): boolean {
    if (first > this.#next) return false;
    for (const event of events.slice(this.#next - first)) this.#take(event);
    this.#next = Math.max(this.#next, first + events.length);
    return true;
  }

  #take(event: MetricEvent): void {
    if (event.kind === 'step') this.#takeStep(event);
    else if (event.kind === 'epoch') this.#takeEpoch(event);
    else this.#statistics = summarizeStatistics(event);
  }

  #takeStep(event: StepEvent): void {
    const values = [
      event.loss ?? NaN,
      event.accuracy ?? NaN,
      event.lr,
      event.imagesPerSecond,
      event.gradientNorm ?? NaN,
    ];
    const isNewStretch = this.#isFinite(this.steps, STEP_COLUMNS.loss) && event.loss === null;
    if (this.steps.append(placeOf(event), values) && isNewStretch) this.#mark('loss', event);
  }

  #takeEpoch(event: EpochEvent): void {
    const values = [
      event.loss ?? NaN,
      event.accuracy,
      event.valLoss ?? NaN,
      event.valAccuracy ?? NaN,
      event.rawValLoss ?? NaN,
      event.rawValAccuracy ?? NaN,
    ];
    // Without validation both are missing; after steps that are not finite this adds no information.
    const isMissing = event.valLoss === null && event.valAccuracy !== null && event.loss !== null;
    const isNewStretch = this.#isFinite(this.epochs, EPOCH_COLUMNS.valLoss) && isMissing;
    if (!this.epochs.append(placeOf(event), values)) return;
    if (isNewStretch) this.#mark('validation', event);
    if (!isBetterEpoch(event.valAccuracy, this.#best)) return;
    this.#best = { epoch: event.epoch, valAccuracy: event.valAccuracy };
  }

  /** Whether the newest value is finite; true before the first. */
  #isFinite(table: SampleTable, column: number): boolean {
    return table.length === 0 || Number.isFinite(table.last(column));
  }

  #mark(of: NotFinite['of'], { step, epoch, elapsedMs }: StepEvent | EpochEvent): void {
    if (this.#notFinite.length < MAX_NOT_FINITE) this.#notFinite.push({ of, step, epoch, elapsedMs });
  }
}

function placeOf({ step, epoch, elapsedMs }: StepEvent | EpochEvent): readonly [number, number, number] {
  return [step, epoch, elapsedMs];
}

function summarizeStatistics(event: StatisticsEvent): StatisticsNow | null {
  let largest: { node: string; drift: number } | null = null;
  let coldest = 0;
  for (const layer of event.layers) {
    const drift = layer.drift ?? Infinity;
    if (largest === null || drift > largest.drift) largest = { node: layer.node, drift };
    coldest = Math.max(coldest, layer.warmup);
  }
  if (largest === null) return null;
  return {
    largestDrift: Number.isFinite(largest.drift) ? largest.drift : NaN,
    largestNode: largest.node,
    drifts: new Map(event.layers.map((layer) => [layer.node, layer.drift ?? NaN])),
    warmedUp: 1 - coldest,
  };
}
