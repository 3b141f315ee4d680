import type { Backend, ComputePrecision, PreparedProgram, Session } from '#core/backend/backend.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import { compile } from '#core/compile/compile.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { planOf } from '#core/optimizers/registry.ts';
import type { Program, ProgramMode } from '#core/program/program.ts';
import { elementCount } from '#core/program/shape.ts';
import { shapedGraph, withWideHead, type GoldenCase } from './goldenCase.ts';
import { goldenImages, goldenLabels, goldenState } from './goldenValues.ts';

/** The results of a backend for a case, under the names in the golden file. */
export type Replay = ReadonlyMap<string, ArrayLike<number>>;

interface Engine {
  readonly backend: Backend;
  readonly precision: ComputePrecision;
  readonly threads?: number;
}

/** Runs a case on a backend; `steps` shortens a training, for a slow backend. */
export function replay(engine: Engine, one: GoldenCase, steps = one.steps): Replay {
  return one.steps === 1 ? replayStep(engine, one) : replayCourse(engine, one, steps);
}

/**
 * The operation's output, in training and evaluation, comes from the network with a wide head, everything else from the
 * case's own.
 */
function replayStep(engine: Engine, one: GoldenCase): Replay {
  const found = new Map<string, ArrayLike<number>>();
  withSession(engine, compileCase(one, 'train'), one, (session, program) => {
    const prepared = runOnce(session, program, one, 1);
    found.set('logits', prepared.logits.slice()).set('loss', [prepared.loss()]);
    found.set('gradient of images', must(prepared.inputGradient, 'gradient at the input').slice());
    const { parameters, statistics, statisticsOffset } = program.state;
    for (const slot of parameters) found.set(`gradient of ${slot.name}`, cut(prepared.gradients, slot));
    for (const slot of statistics) {
      const offset = slot.offset - statisticsOffset;
      found.set(`batch ${slot.name}`, cut(prepared.batchStatistics, { ...slot, offset }));
      found.set(`stored ${slot.name}`, cut(session.state, slot));
    }
  });
  const wide = withWideHead(one);
  withSession(engine, compileCase(one, 'train', wide), one, (session, program) => {
    setIdentity(session);
    found.set('forward', runOnce(session, program, one, 1).logits.slice());
    const evaluation = compileCase(one, 'evaluate', wide);
    found.set('evaluated', runOnce(session, evaluation, one, 1).logits.slice());
  });
  return found;
}

/** The closing Dense passes its input through unchanged. */
function setIdentity({ state, layout }: Session): void {
  for (const { name, offset, size } of layout.parameters) {
    if (name === 'logits.bias') state.fill(0, offset, offset + size);
    if (name !== 'logits.weights') continue;
    const width = Math.sqrt(size);
    for (let i = 0; i < size; i += 1) state[offset + i] = i % (width + 1) === 0 ? 1 : 0;
  }
}

function replayCourse(engine: Engine, one: GoldenCase, steps: number): Replay {
  const found = new Map<string, ArrayLike<number>>();
  withSession(engine, compileCase(one, 'train'), one, (session, program) => {
    const prepared = session.prepare(program, one.batch);
    const losses = Array.from({ length: steps }, (_, index) => {
      feed(prepared, program, one, index + 1);
      return prepared.loss();
    });
    found.set('losses', losses);
    const { parameters, statistics } = program.state;
    for (const slot of steps === one.steps ? [...parameters, ...statistics] : [])
      found.set(`final ${slot.name}`, cut(session.state, slot));
  });
  return found;
}

function compileCase(one: GoldenCase, mode: ProgramMode, graph = one.graph): Program {
  const inputGradient = mode === 'train' && one.steps === 1;
  const options = { ...one.options, optimizer: planOf(one.options.optimizer) };
  return compile(shapedGraph(one, graph), { ...options, mode, input: { type: 'f32' }, inputGradient });
}

function withSession(
  { backend, precision, threads = 1 }: Engine,
  program: Program,
  one: GoldenCase,
  use: (session: Session, program: Program) => void,
): void {
  const session = backend.open(program.state, { threads, precision });
  try {
    session.state.set(goldenState(program.state, one.scheme));
    use(session, program);
  } finally {
    session.close();
  }
}

function runOnce(session: Session, program: Program, one: GoldenCase, step: number): PreparedProgram {
  const prepared = session.prepare(program, one.batch);
  feed(prepared, program, one, step);
  return prepared;
}

function feed(prepared: PreparedProgram, program: Program, one: GoldenCase, step: number): void {
  const { batch, someLabels, learningRate } = one;
  const labels = goldenLabels(batch, program.classes, step, someLabels);
  const images = goldenImages(labels, elementCount(program.inputShape), step, one);
  prepared.run({ images, labels }, { learningRate, step, randomKey: step });
}

function cut(values: FloatArray, { offset, size }: { offset: number; size: number }): FloatArray {
  return values.slice(offset, offset + size);
}
