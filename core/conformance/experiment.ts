import { compile } from '../compile/compile.ts';
import type { CompileOptions } from '../compile/options.ts';
import { must } from '../diagnostics/invariantError.ts';
import { planOf } from '../optimizers/registry.ts';
import type { Program, ProgramMode } from '../program/program.ts';
import type { ParameterSlot, StateLayout } from '../program/stateLayout.ts';
import { elementCount } from '../program/shape.ts';
import { openStream } from '../training/random.ts';
import type { Backend, ComputePrecision, Feed, Session, StepScalars } from '../backend/backend.ts';
import type { FloatArray } from '../program/floatArray.ts';
import type { ConformanceCase } from './conformanceCase.ts';

export const PLAIN_SGD = planOf({ kind: 'sgd', momentum: 0, nesterov: false, l1: 0, l2: 0 });

const DEFAULTS: CompileOptions = {
  mode: 'train',
  input: { type: 'f32' },
  optimizer: PLAIN_SGD,
  labelSmoothing: 0,
};

/** A copy of all results of a run. */
export interface Observation {
  readonly logits: FloatArray;
  readonly loss: number;
  readonly correct: number;
  readonly gradients: FloatArray;
  readonly inputGradient: FloatArray | null;
  readonly batchStatistics: FloatArray;
  /** The state after the run. */
  readonly state: FloatArray;
}

/** Compiles the network of a case; training programs with float input also compute the gradient at the input. */
export function compileCase(one: ConformanceCase, options: Partial<CompileOptions> = {}): Program {
  const merged = { ...DEFAULTS, ...one.options, ...options };
  const inputGradient = merged.mode === 'train' && merged.input.type === 'f32';
  return compile(one.graph, { inputGradient, ...merged });
}

/** Opens a session for a program, with the same random state on every backend; one thread by default. */
export function openExperiment(
  backend: Backend,
  precision: ComputePrecision,
  program: Program,
  { seed = 1, threads = 1 }: { readonly seed?: number; readonly threads?: number } = {},
): Session {
  const session = backend.open(program.state, { threads, precision });
  session.state.set(startState(program.state, seed));
  return session;
}

/** Runs `program` once on the feed of the case and copies the results. */
export function observe(session: Session, program: Program, one: ConformanceCase, step = 1): Observation {
  const prepared = session.prepare(program, one.batch);
  prepared.run(makeFeed(program, one, step, session), scalarsOf(step));
  return {
    logits: prepared.logits.slice(),
    loss: prepared.loss(),
    correct: prepared.correct(),
    gradients: prepared.gradients.slice(),
    inputGradient: prepared.inputGradient?.slice() ?? null,
    batchStatistics: prepared.batchStatistics.slice(),
    state: session.state.slice(),
  };
}

/** One training step (or one pass in another mode) from the start state. */
export function observeOnce(
  backend: Backend,
  precision: ComputePrecision,
  one: ConformanceCase,
  options: Partial<CompileOptions> = {},
): Observation {
  const program = compileCase(one, options);
  const session = openExperiment(backend, precision, program, { threads: one.threads ?? 1 });
  const observation = observe(session, program, one);
  session.close();
  return observation;
}

/**
 * Runs `count` training steps on different batches with one prepared program; returns the final state and all losses.
 */
export function trainSteps(
  session: Session,
  program: Program,
  one: ConformanceCase,
  count: number,
): number[] {
  const prepared = session.prepare(program, one.batch);
  return Array.from({ length: count }, (_, index) => {
    prepared.run(makeFeed(program, one, index + 1, session), scalarsOf(index + 1));
    return prepared.loss();
  });
}

/** Programs of different modes for one session, as in training and validation. */
export function modeProgram(
  one: ConformanceCase,
  mode: ProgramMode,
  options: Partial<CompileOptions>,
): Program {
  return compileCase(one, { ...options, mode, inputGradient: false });
}

export function scalarsOf(step: number): StepScalars {
  return { learningRate: 0.02, step, randomKey: (0x9e3779b9 * step) >>> 0 };
}

/**
 * The batch of step `step`: standard normal values that float32 can hold, or random bytes; labels in a fixed pattern.
 */
export function makeFeed(program: Program, one: ConformanceCase, step: number, session: Session): Feed {
  const size = elementCount(program.inputShape) * one.batch;
  const random = openStream(step, 'conformance images');
  const labels = Int32Array.from({ length: one.batch }, (_, n) =>
    one.someLabels === true && n % 3 === 1 ? -1 : (5 * n + step) % program.classes,
  );
  if (program.inputType === 'u8') {
    return { images: Uint8Array.from({ length: size }, () => random.below(256)), labels };
  }
  const values = Array.from({ length: size }, () => Math.fround(random.normal()));
  const images = session.options.precision === 'f64' ? Float64Array.from(values) : Float32Array.from(values);
  return { images, labels };
}

/**
 * Random parameters and statistics that float32 can hold, so that all backends start from the same numbers; moments are
 * 0, averages equal the parameters and statistics.
 */
function startState(layout: StateLayout, seed: number): Float64Array {
  const state = new Float64Array(layout.totalSize);
  for (const slot of layout.parameters) {
    const random = openStream(seed, slot.name);
    fill(state, slot, () => parameterCentre(slot) + parameterSpread(slot) * random.normal());
  }
  for (const slot of layout.statistics) {
    const random = openStream(seed, slot.name);
    fill(state, slot, () => (slot.field === 'mean' ? 0.3 * random.normal() : 0.5 + random.uniform()));
  }
  const { averageOffset, statisticsOffset, statisticsSize } = layout;
  if (averageOffset !== undefined) state.copyWithin(averageOffset, 0, statisticsOffset + statisticsSize);
  return state;
}

function fill(state: Float64Array, slot: { offset: number; size: number }, draw: () => number): void {
  for (let i = slot.offset; i < slot.offset + slot.size; i += 1) state[i] = Math.fround(draw());
}

function parameterCentre(slot: ParameterSlot): number {
  return slot.field === 'gamma' ? 1 : 0;
}

/** Standard deviation of the initial values; kernels approximately preserve the variance of their input. */
function parameterSpread(slot: ParameterSlot): number {
  if (slot.field !== 'weights') return 0.3;
  return Math.sqrt(must(slot.dims[0], 'outputs') / slot.size);
}
