import type { Feed, PreparedProgram, StepScalars, TapValues } from '#core/backend/backend.ts';
import { StatisticsNotFinite } from '#core/batchnorm/finiteStatistics.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { InvariantError, must } from '#core/diagnostics/invariantError.ts';
import type { Program } from '#core/program/program.ts';
import { elementCount, type Shape } from '#core/program/shape.ts';
import type { TensorId } from '#core/program/tensor.ts';
import { message, type Message } from '#core/words/message.ts';
import type { LentArrays, LentTap, NativeProgramHandle, NativeSessionHandle } from './nativeAddon.ts';
import { missingMebibytes, nativeErrorCode } from './nativeError.ts';

/** Total time of one primitive, reorder or loop over all profiled runs. */
interface StepTime {
  readonly label: string;
  readonly seconds: number;
}

/** What the session gives to a program. */
type OfSession = Pick<LentArrays, 'accumulated' | 'constantParameters'>;

/** A program prepared by the addon. In addition to `PreparedProgram` it reports its steps. */
export class NativeProgram implements PreparedProgram {
  readonly batch: number;
  readonly logits: Float32Array;
  readonly gradients: Float32Array;
  readonly batchStatistics: Float32Array;
  readonly inputGradient: Float32Array | null;
  readonly taps: readonly TapValues[];
  readonly arenaBytes: number;
  private readonly handle: NativeProgramHandle;
  private readonly metrics: Float64Array;
  private profile: Float64Array | null = null;
  /** Called when the working memory is freed, so that the session forgets the program. */
  onRelease: () => void = () => undefined;

  /**
   * `accumulated`: of the session, or empty. Throws `AppError('native-failed')` naming the instruction if oneDNN cannot
   * run it.
   */
  constructor(session: NativeSessionHandle, program: Program, batch: number, of: OfSession) {
    const arrays = { ...allocate(program, batch), ...of };
    this.batch = batch;
    this.logits = arrays.logits;
    this.gradients = arrays.gradients;
    this.batchStatistics = arrays.batchStatistics;
    this.inputGradient = program.outputs.inputGradient === null ? null : arrays.inputGradient;
    this.taps = arrays.taps.map((tap, index) => tapOf(program, index, tap));
    this.metrics = arrays.metrics;
    this.handle = prepare(session, program, batch, arrays);
    this.arenaBytes = this.handle.arenaBytes();
  }

  run(feed: Feed, scalars: StepScalars): void {
    const images = feed.images instanceof Float64Array ? Float32Array.from(feed.images) : feed.images;
    const labels = feed.labels ?? null;
    try {
      const { labels: others = null, shares = null } = feed.mix ?? {};
      this.handle.run(images, labels, scalars, this.profile, others, shares);
    } catch (cause) {
      if (nativeErrorCode(cause) === 'statistics-not-finite') throw new StatisticsNotFinite();
      throw new InvariantError(cause instanceof Error ? cause.message : String(cause));
    }
  }

  loss(): number {
    return this.metrics[0] ?? NaN;
  }

  correct(): number {
    return this.metrics[1] ?? 0;
  }

  gradientNorm(): number {
    return this.metrics[2] ?? NaN;
  }

  /** Starts timing every following run step by step. */
  startProfile(): void {
    this.profile = new Float64Array(this.handle.steps().length);
  }

  /** Times since `startProfile`, in the order in which the steps run; empty without it. */
  stepTimes(): StepTime[] {
    const seconds = this.profile;
    if (seconds === null) return [];
    return this.handle.steps().map((label, index) => ({ label, seconds: seconds[index] ?? 0 }));
  }

  /** The steps, in order: primitives, reorders and loops. */
  steps(): string[] {
    return this.handle.steps();
  }

  /** Frees the working memory; a later run throws. */
  release(): void {
    this.handle.release();
    this.onRelease();
  }
}

function allocate(program: Program, batch: number): Omit<LentArrays, keyof OfSession> {
  const { mode, state, logitCount, inputShape, outputs } = program;
  return {
    gradients: new Float32Array(mode === 'train' ? state.parameterSize : 0),
    batchStatistics: new Float32Array(state.statisticsSize),
    logits: new Float32Array(batch * logitCount),
    inputGradient: new Float32Array(outputs.inputGradient === null ? 0 : batch * elementCount(inputShape)),
    taps: outputs.taps.map(({ value, gradient }) => {
      const size = batch * elementCount(shapeOf(program, value));
      return { values: new Float32Array(size), gradients: new Float32Array(gradient === null ? 0 : size) };
    }),
    metrics: Float64Array.of(NaN, 0, NaN),
  };
}

function shapeOf({ tensors }: Program, tensor: TensorId): Shape {
  return must(tensors[tensor], 'tapped tensor').dims;
}

function tapOf(program: Program, index: number, { values, gradients }: LentTap): TapValues {
  const { node, value, gradient } = must(program.outputs.taps[index], 'tap');
  return { node, shape: shapeOf(program, value), values, gradients: gradient === null ? null : gradients };
}

function prepare(
  session: NativeSessionHandle,
  program: Program,
  batch: number,
  arrays: LentArrays,
): NativeProgramHandle {
  try {
    return session.prepare(program, batch, arrays);
  } catch (cause) {
    throw new AppError('native-failed', refusal(cause), { cause });
  }
}

function refusal(cause: unknown): Message {
  const mebibytes = missingMebibytes(cause);
  if (mebibytes !== null) return message('engine.outOfMemory', { mebibytes });
  return message('engine.cannotRun', { reason: cause instanceof Error ? cause.message : String(cause) });
}
