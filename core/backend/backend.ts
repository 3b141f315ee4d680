import type { NodeId } from '../diagnostics/ids.ts';
import type { FloatArray } from '../program/floatArray.ts';
import type { Program } from '../program/program.ts';
import type { Shape } from '../program/shape.ts';
import type { StateLayout } from '../program/stateLayout.ts';

export type ComputePrecision = 'f32' | 'bf16' | 'f64';

export interface SessionOptions {
  /** Compute threads, at least 1. */
  readonly threads: number;
  /** bf16 stores activations and gradients in bfloat16; parameters, statistics, loss and optimizer stay in f32. */
  readonly precision: ComputePrecision;
}

/** The scalars that change from step to step. */
export interface StepScalars {
  readonly learningRate: number;
  /** Number of this update, from 1; used by Adam's bias correction. */
  readonly step: number;
  /**
   * Number of this batch in training, from 1; used by cumulative averages. Absent: equal to `step`, as with one batch
   * per update.
   */
  readonly batch?: number;
  /** Unsigned 32-bit key of this step's random draws; `core/training/random.ts` derives it from seed and step. */
  readonly randomKey: number;
  /**
   * Present when the update accumulates the gradients of several batches; `accumulates` of the optimizer plan must then
   * be true.
   */
  readonly accumulation?: Accumulation;
}

/** Gradient accumulation for one batch: `accumulated = keep * accumulated + share * gradient`. */
export interface Accumulation {
  readonly share: number;
  /** 0 at the first batch of an update: the old value is then not read. */
  readonly keep: number;
  /** True when the update follows this batch; other batches do not change the parameters. */
  readonly isLast: boolean;
}

export interface Feed {
  /** `Uint8Array` `[N, H, W, C]` for u8 programs, else floats `[N, C, H, W]`; exactly the prepared batch. */
  readonly images: Uint8Array | FloatArray;
  /** `[N]`; a negative label excludes the sample from loss and accuracy. Absent: loss and accuracy are not computed. */
  readonly labels?: Int32Array;
  /** For mixed images (mixup, CutMix): the loss is `share * CE(label) + (1 - share) * CE(other label)`. */
  readonly mix?: LabelMix;
}

/** The second labels of mixed images. */
export interface LabelMix {
  /** `[N]`, none negative. */
  readonly labels: Int32Array;
  /** `[N]`: share of the first label, from 0 to 1. Correct predictions are counted against the first label. */
  readonly shares: Float32Array;
}

/** The output of a block in the last run, and the gradient of the fed class's logit with respect to it. */
export interface TapValues {
  readonly node: NodeId;
  /** Of one sample: `[C, H, W]` or `[F]`. */
  readonly shape: Shape;
  /** `[N, C, H, W]` or `[N, F]`. */
  readonly values: FloatArray;
  /** As `values`; null unless compiled with gradients. */
  readonly gradients: FloatArray | null;
}

/** A program prepared for one batch size: primitives, reorders and memory are created, and a run allocates nothing. */
export interface PreparedProgram {
  readonly batch: number;
  /**
   * Runs all instructions and, in a training program, the update. Called once per step. Throws `StatisticsNotFinite`
   * when a batch statistic is not finite and the program stores statistics; the state is then as it was before the
   * call.
   */
  run(feed: Feed, scalars: StepScalars): void;
  /** Mean loss over the labelled samples of the last run; NaN when it had no labels. */
  loss(): number;
  /** Samples of the last run whose largest logit was their label. */
  correct(): number;
  /**
   * Euclidean norm of the whole gradient at the last update, before clipping. NaN without clipping. When it is not
   * finite, the update was skipped.
   */
  gradientNorm(): number;
  /** `[N, logitCount]` of the last run; overwritten by the next run. */
  readonly logits: FloatArray;
  /** Canonical gradients, laid out as the parameters of the state layout; length 0 outside training. */
  readonly gradients: FloatArray;
  /** Batch mean and biased variance of each BatchNorm, laid out as `statistics` of the state layout, from 0. */
  readonly batchStatistics: FloatArray;
  /** Gradient at the input, canonical; null unless compiled in. */
  readonly inputGradient: FloatArray | null;
  /** Outputs of blocks, in the order of `CompileOptions.taps`; overwritten by the next run. */
  readonly taps: readonly TapValues[];
  /** Bytes allocated for this program, without the state. */
  readonly arenaBytes: number;
  /** Frees the working memory; the program must not run again. Closing the session does the same for all programs. */
  release(): void;
}

export interface PrepareOptions {
  /**
   * True: no parameter is written between the first run of the program and its last. The backend may then keep
   * transformed weights, which takes as much memory again as the kernels of convolutions. Statistics may change.
   */
  readonly constantParameters?: boolean;
}

/** Parameters, statistics and optimizer moments of one network, and the programs that use them. */
export interface Session {
  /** In canonical layout, by `StateLayout`. Checkpoints and exports read and write it between runs. */
  readonly state: FloatArray;
  readonly layout: StateLayout;
  readonly options: SessionOptions;
  /** Throws `AppError('native-failed')` naming the instruction when the backend cannot run the program. */
  prepare(program: Program, batch: number, options?: PrepareOptions): PreparedProgram;
  close(): void;
}

export interface Backend {
  readonly kind: 'native' | 'reference';
  /** For display: `oneDNN 2.6.3, avx512_core_amx`. */
  readonly description: string;
  readonly precisions: readonly ComputePrecision[];
  /** The fastest of them on this machine. */
  readonly auto: ComputePrecision;
  /** Opens a session with zeroed state; `core/training/initialize.ts` fills it. */
  open(layout: StateLayout, options: SessionOptions): Session;
}
