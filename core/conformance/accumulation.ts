import { describe, expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import { planOf } from '../optimizers/registry.ts';
import type { Backend, ComputePrecision, Feed, StepScalars } from '../backend/backend.ts';
import type { FloatArray } from '../program/floatArray.ts';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { expectSameState } from './comparison.ts';
import { expectAllClose } from './expectAllClose.ts';
import { chainCase } from './conformanceCase.ts';
import { compileCase, makeFeed, modeProgram, observe, openExperiment, scalarsOf } from './experiment.ts';
import type { Tolerances } from './tolerances.ts';

/** Batch sizes of one update; the last is smaller, as at the end of an epoch. */
const BATCHES = [4, 4, 2];
const WHOLE = 10;
const UPDATES = 3;
/** Lower than the gradient norms that occur, so that clipping takes effect. */
const LIMIT = 0.2;

const CASE = chainCase(
  'accumulated',
  [3, 6, 6],
  WHOLE,
  ['conv2d', { filters: 5 }],
  ['tanh'],
  ['globalAvgPool'],
);
const NORMED = chainCase('normed', [3, 6, 6], WHOLE, ['conv2d', { filters: 5, bias: false }], ['batchNorm']);
const CUMULATIVE = chainCase(
  'cumulative',
  [3, 6, 6],
  WHOLE,
  ['batchNorm', { averaging: 'cumulative', variance: 'biased' }],
  ['conv2d', { filters: 5 }],
);

const PLAN = planOf({
  ...{ kind: 'sgd', momentum: 0.9, nesterov: true, l1: 0.01, l2: 0.05 },
  clipping: { by: 'norm', limit: LIMIT },
  averageDecay: 0.9,
});

/** Tests of gradient accumulation, gradient norms, and programs that read averaged weights. */
export function describeAccumulation(
  backend: Backend,
  precision: ComputePrecision,
  tolerances: Tolerances,
): void {
  describe('accumulation, clipping, averages', () => {
    it('three batches of 4, 4 and 2 make the update of one of 10', () => {
      const layout = compileCase(CASE, { optimizer: PLAN }).state;
      const [split, whole] = [
        train(backend, precision, CASE, BATCHES),
        train(backend, precision, CASE, [WHOLE]),
      ];
      expectSameState(split.state, whole.state, layout, tolerances);
    });
    it.each([CASE, NORMED, CUMULATIVE])('as the reference: $name', (one) => {
      const [actual, expected] = [
        train(backend, precision, one, BATCHES),
        train(referenceBackend, 'f64', one, BATCHES),
      ];
      const layout = compileCase(one, { optimizer: PLAN }).state;
      expectSameState(actual.state, expected.state, layout, tolerances);
      expectAllClose(actual.norms, expected.norms, { ...tolerances.gradients, absolute: 0 }, 'norms');
      expect(Math.max(...expected.norms), 'something is clipped').toBeGreaterThan(LIMIT);
    });
    it('averages cumulatively over batches, of which an update has three', () => {
      // The network begins with the BatchNorm block, so that the batch statistics depend on no weights.
      const { state, measured } = train(backend, precision, CUMULATIVE, BATCHES);
      const { statisticsOffset, statisticsSize } = compileCase(CUMULATIVE, { optimizer: PLAN }).state;
      expect(measured).toHaveLength(UPDATES * BATCHES.length);
      const mean = Array.from({ length: statisticsSize }, (_, at) =>
        measured.reduce((sum, one) => sum + must(one[at], 'statistic') / measured.length, 0),
      );
      const stored = state.slice(statisticsOffset, statisticsOffset + statisticsSize);
      expectAllClose(stored, mean, { relative: 1e-5, absolute: 1e-6 }, 'plain mean of all batches');
    });
    it('gives no norm without clipping', () => {
      const program = compileCase(CASE);
      const session = openExperiment(backend, precision, program);
      const prepared = session.prepare(program, WHOLE);
      prepared.run(makeFeed(program, CASE, 1, session), scalarsOf(1));
      expect(prepared.gradientNorm()).toBeNaN();
      session.close();
    });
    it('leaves everything as it is when the gradient is not finite', () => {
      const program = compileCase(CASE, { optimizer: PLAN });
      const session = openExperiment(backend, precision, program);
      const before = session.state.slice();
      const prepared = session.prepare(program, WHOLE);
      const { images, labels } = makeFeed(program, CASE, 1, session);
      images[5] = Infinity;
      prepared.run({ images, labels: must(labels, 'labels') }, scalarsOf(1));
      expect(Number.isFinite(prepared.gradientNorm())).toBe(false);
      expect(session.state).toEqual(before);
      session.close();
    });
    it('evaluates the averages as if they were the weights', () => {
      const program = compileCase(NORMED, { optimizer: PLAN });
      const session = openExperiment(backend, precision, program);
      const offset = must(program.state.averageOffset, 'averages');
      session.state.copyWithin(offset, 0, offset);
      session.state.set(
        session.state.slice(0, program.state.parameterSize).map((w) => 0.5 * w),
        offset,
      );
      const averaged = observe(session, evaluation('average'), NORMED);
      session.state.copyWithin(0, offset);
      const raw = observe(session, evaluation('raw'), NORMED);
      expect(averaged.logits).toEqual(raw.logits);
      expect(averaged.loss).toBe(raw.loss);
      session.close();
    });
  });
}

function evaluation(weights: 'raw' | 'average'): ReturnType<typeof modeProgram> {
  return modeProgram(NORMED, 'evaluate', { optimizer: PLAN, weights });
}

/** Runs updates over the same samples, split into batches of the given sizes. */
function train(
  backend: Backend,
  precision: ComputePrecision,
  one: typeof CASE,
  sizes: readonly number[],
): { state: FloatArray; norms: number[]; measured: FloatArray[] } {
  const program = compileCase(one, { optimizer: { ...PLAN, accumulates: true } });
  const session = openExperiment(backend, precision, program, { threads: 2 });
  const prepared = new Map([...new Set(sizes)].map((size) => [size, session.prepare(program, size)]));
  const norms: number[] = [];
  const measured: FloatArray[] = [];
  for (let step = 1; step <= UPDATES; step += 1) {
    const feed = makeFeed(program, one, step, session);
    let done = 0;
    for (const [index, size] of sizes.entries()) {
      const part = must(prepared.get(size), 'program');
      const [share, keep] = [size / WHOLE, index === 0 ? 0 : 1];
      const accumulation = { share, keep, isLast: index === sizes.length - 1 };
      part.run(cut(feed, done, size), {
        ...scalarsOf(step),
        batch: measured.length + 1,
        accumulation,
      } satisfies StepScalars);
      measured.push(part.batchStatistics.slice());
      done += size;
      if (accumulation.isLast) norms.push(part.gradientNorm());
    }
  }
  const state = session.state.slice();
  session.close();
  return { state, norms, measured };
}

function cut({ images, labels }: Feed, start: number, count: number): Feed {
  const pixels = images.length / WHOLE;
  return {
    images: images.slice(start * pixels, (start + count) * pixels),
    labels: must(labels, 'labels').slice(start, start + count),
  };
}
