import type { FloatArray } from '../program/floatArray.ts';
import type { Program } from '../program/program.ts';
import type { StateLayout } from '../program/stateLayout.ts';

export type ComputePrecision = 'f32' | 'bf16' | 'f64';

export interface SessionOptions {
  /** Compute threads, at least 1. */
  readonly threads: number;
  /** bf16 keeps activations and gradients in bfloat16; parameters, statistics, loss and optimizer stay in f32. */
  readonly precision: ComputePrecision;
}

/** What changes from step to step. */
export interface StepScalars {
  readonly learningRate: number;
  /** Number of this update, from 1: Adam's bias correction. */
  readonly step: number;
  /**
   * Number of this batch of the training, from 1: what a cumulative average counts. Absent: `step`, each update having
   * one batch.
   */
  readonly batch?: number;
  /** Unsigned 32-bit key of this step's random draws; `core/training/random.ts` derives it from seed and step. */
  readonly randomKey: number;
  /** Given when the update gathers the gradients of several batches; the program's optimizer must then accumulate. */
  readonly accumulation?: Accumulation;
}

/**
 * The place of a batch among those whose gradients make one update: what is gathered becomes `keep` times what was
 * gathered before plus `share` times this batch's gradient.
 */
export interface Accumulation {
  readonly share: number;
  /** 0 at the first batch of an update: what was there before is not read. */
  readonly keep: number;
  /** The update follows this batch; the others leave the parameters as they are. */
  readonly isLast: boolean;
}

export interface Feed {
  /** `Uint8Array` `[N, H, W, C]` for u8 programs, else floats `[N, C, H, W]`; exactly the prepared batch. */
  readonly images: Uint8Array | FloatArray;
  /** `[N]`; a negative label leaves the sample out of loss and accuracy. Absent: loss and accuracy are not computed. */
  readonly labels?: Int32Array;
  /** For images mixed of two (mixup, CutMix): the loss is `share * CE(label) + (1 - share) * CE(other label)`. */
  readonly mix?: LabelMix;
}

/** The second labels of mixed images. */
export interface LabelMix {
  /** `[N]`, none negative. */
  readonly labels: Int32Array;
  /** `[N]`: share of the first label, from 0 to 1. Hits are counted against the first label. */
  readonly shares: Float32Array;
}

/** A program made ready for one batch size: primitives, reorders and memory exist, a run allocates nothing. */
export interface PreparedProgram {
  readonly batch: number;
  /**
   * Runs all instructions and, in a training program, the update. One call a step. Throws `StatisticsNotFinite` when a
   * batch statistic is not finite where any would be stored: the state is then what it was before the call.
   */
  run(feed: Feed, scalars: StepScalars): void;
  /** Mean loss over the labelled samples of the last run; NaN when it had no labels. */
  loss(): number;
  /** Samples of the last run whose largest logit was their label. */
  correct(): number;
  /**
   * Euclidean norm of the whole gradient at the last update, before clipping. NaN without clipping; where it is not
   * finite, the update was left out.
   */
  gradientNorm(): number;
  /** `[N, logitCount]`, of the last run; overwritten by the next. */
  readonly logits: FloatArray;
  /** Canonical gradients, laid out as the parameters of the state layout; length 0 outside training. */
  readonly gradients: FloatArray;
  /** Batch mean and biased variance of each BatchNorm, laid out as `statistics` of the state layout, from 0. */
  readonly batchStatistics: FloatArray;
  /** Gradient at the input, canonical; null unless compiled in. */
  readonly inputGradient: FloatArray | null;
  /** Bytes held for this program beyond the state. */
  readonly arenaBytes: number;
}

/** Parameters, statistics and optimizer moments of one network, and the programs that work on them. */
export interface Session {
  /** Canonical, by `StateLayout`; reading and writing it between runs is how checkpoints and exports work. */
  readonly state: FloatArray;
  readonly layout: StateLayout;
  readonly options: SessionOptions;
  /** Throws `AppError('native-failed')` naming the instruction when the backend cannot run the program. */
  prepare(program: Program, batch: number): PreparedProgram;
  close(): void;
}

export interface Backend {
  readonly kind: 'native' | 'reference';
  /** For people: `oneDNN 2.6.3, avx512_core_amx`. */
  readonly description: string;
  readonly precisions: readonly ComputePrecision[];
  /** Opens a session with zeroed state; `core/training/initialize.ts` fills it. */
  open(layout: StateLayout, options: SessionOptions): Session;
}
