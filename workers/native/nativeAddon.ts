import type { StepScalars } from '#core/backend/backend.ts';
import type { CpuLevel } from '#core/contract/engineProblem.ts';
import type { Program } from '#core/program/program.ts';

/** The exports of `src/door/addon.cc`; the only place that declares the native entry in TypeScript. */
export interface NativeAddon {
  describeLibrary(): {
    readonly version: string;
    /** The instruction set that oneDNN uses, lowered by NORMLAB_CPU. */
    readonly isa: string;
    readonly bf16: boolean;
    /** The highest level of the machine, whatever NORMLAB_CPU says. */
    readonly machine: CpuLevel;
  };
  readonly NativeSession: new (state: Float32Array, threads: number, bf16: boolean) => NativeSessionHandle;
}

export interface NativeSessionHandle {
  /** Throws `Error` naming the instruction and its shapes if the program cannot be run. */
  prepare(program: Program, batch: number, arrays: LentArrays): NativeProgramHandle;
}

/** Arrays that JavaScript allocates and the addon writes; their buffers must not be transferred or resized. */
export interface LentArrays {
  readonly gradients: Float32Array;
  readonly batchStatistics: Float32Array;
  readonly logits: Float32Array;
  /** Length 0 if the program has none. */
  readonly inputGradient: Float32Array;
  /** One for each tap of the program. */
  readonly taps: readonly LentTap[];
  /** Sum of the gradients of several batches, one array per session; length 0 if the optimizer does not accumulate. */
  readonly accumulated: Float32Array;
  /** Loss, number of hits, norm of the gradient. */
  readonly metrics: Float64Array;
  /** As `PrepareOptions` has it. */
  readonly constantParameters: boolean;
}

/** `gradients`: length 0 if the program has none at this tap. */
export interface LentTap {
  readonly values: Float32Array;
  readonly gradients: Float32Array;
}

export interface NativeProgramHandle {
  /** `profile`: the seconds of each step are added to its entry. */
  run(
    images: Uint8Array | Float32Array,
    labels: Int32Array | null,
    scalars: StepScalars,
    profile: Float64Array | null,
    /** For mixed images: second labels, and the weights of the first ones. */
    mixLabels: Int32Array | null,
    mixShares: Float32Array | null,
  ): void;
  arenaBytes(): number;
  /** Labels of the primitives, reorders and loops of the prepared program. */
  steps(): string[];
  /** Frees the working memory; a later run throws. */
  release(): void;
}
