import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ghostGroups } from '../../batchnorm/ghost.ts';
import { batchStatistic } from '../../batchnorm/testing/batchStatistic.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { GhostNormBackward, GhostNormForward } from '../../program/instruction.ts';
import { runKernel, tensor, type TestTensor } from './testing/runKernel.ts';

const EPSILON = 1e-3;
const value = fc.double({ min: -2, max: 2, noNaN: true });

/**
 * One channel of `[N, 1, P, 1]` with all inputs of the kernel, and the weights w of a loss over its output: sum w * y.
 */
const experiment = fc
  .record({ batch: fc.integer({ min: 2, max: 6 }), pixels: fc.integer({ min: 2, max: 4 }) })
  .chain(({ batch, pixels }) =>
    fc.record({
      batch: fc.constant(batch),
      pixels: fc.constant(pixels),
      groupSize: fc.integer({ min: 0, max: 4 }),
      src: fc.array(value, { minLength: batch * pixels, maxLength: batch * pixels }),
      weights: fc.array(value, { minLength: batch * pixels, maxLength: batch * pixels }),
      gamma: value,
      beta: value,
      mean: value,
      variance: fc.double({ min: 0.3, max: 3, noNaN: true }),
      maxR: fc.constantFrom<number>(1, 1.2, 3),
      maxD: fc.constantFrom<number>(0, 0.1, 5),
    }),
  );
type Experiment = typeof experiment extends fc.Arbitrary<infer E> ? E : never;

const NODE = 'bn' as NodeId;
/** Indices of the tensors in the list of `tensors`. */
const [SRC, GAMMA, BETA, MEAN, VARIANCE, BATCH_MEAN, BATCH_VARIANCE, DST, SAVED, DY, DX, DGAMMA, DBETA] = [
  tensor(0),
  tensor(1),
  tensor(2),
  tensor(3),
  tensor(4),
  tensor(5),
  tensor(6),
  tensor(7),
  tensor(8),
  tensor(9),
  tensor(10),
  tensor(11),
  tensor(12),
];

function tensors(one: Experiment): TestTensor[] {
  const values = [1, one.pixels, 1];
  const scalar = (v: number): TestTensor => ({ dims: [1], values: [v] });
  return [
    { dims: values, values: one.src },
    ...[one.gamma, one.beta, one.mean, one.variance].map(scalar),
    ...[scalar(0), scalar(0), { dims: values }, { dims: [4, 1] }],
    { dims: values, values: one.weights },
    ...[{ dims: values }, scalar(0), scalar(0)],
  ];
}

function run(one: Experiment) {
  const forward: GhostNormForward = {
    op: 'ghostNormForward',
    node: NODE,
    ...{ src: SRC, gamma: GAMMA, beta: BETA, mean: MEAN, variance: VARIANCE },
    ...{ batchMean: BATCH_MEAN, batchVariance: BATCH_VARIANCE, dst: DST, savedGroups: SAVED },
    ...{ epsilon: EPSILON, groupSize: one.groupSize, maxR: one.maxR, maxD: one.maxD },
    ...{ rampStart: 0, rampEndR: 0, rampEndD: 0 },
  };
  const list = tensors(one);
  const after = runKernel(forward, one.batch, list);
  const backward: GhostNormBackward = {
    op: 'ghostNormBackward',
    node: NODE,
    ...{ src: SRC, diffDst: DY, gamma: GAMMA, savedGroups: SAVED, groupSize: one.groupSize },
    ...{ diffSrc: DX, diffGamma: DGAMMA, diffBeta: DBETA },
  };
  const gradients = runKernel(
    backward,
    one.batch,
    list.map((each, index) => ({ ...each, values: Array.from(after[index] ?? []) })),
  );
  const at = (from: Float64Array[], id: number): number[] => Array.from(from[id] ?? []);
  return {
    ...{ dst: at(after, DST), saved: at(after, SAVED) },
    ...{ batchMean: at(after, BATCH_MEAN)[0], batchVariance: at(after, BATCH_VARIANCE)[0] },
    ...{
      dx: at(gradients, DX),
      dgamma: at(gradients, DGAMMA)[0] ?? NaN,
      dbeta: at(gradients, DBETA)[0] ?? NaN,
    },
  };
}

/** The loss by the formula of the paper, with r and d of each group held fixed, as in the gradient. */
function lossHolding(one: Experiment, held: readonly { r: number; d: number }[]): number {
  let loss = 0;
  ghostGroups(one.batch, one.groupSize).forEach(({ start, end }, g) => {
    const part = one.src.slice(start * one.pixels, end * one.pixels);
    const { mean, variance } = batchStatistic(part);
    const { r = NaN, d = NaN } = held[g] ?? {};
    part.forEach((x, i) => {
      const xhat = ((x - mean) / Math.sqrt(variance + EPSILON)) * r + d;
      loss += (one.weights[start * one.pixels + i] ?? NaN) * (one.gamma * xhat + one.beta);
    });
  });
  return loss;
}

function heldOf(one: Experiment): { r: number; d: number }[] {
  const { saved } = run(one);
  return ghostGroups(one.batch, one.groupSize).map((_, g) => ({
    r: saved[4 * g + 2] ?? NaN,
    d: saved[4 * g + 3] ?? NaN,
  }));
}

describe('ghost normalization and renormalization', () => {
  it('gives the gradients of central differences with r and d held constant', () => {
    fc.assert(
      fc.property(experiment, (one) => {
        const held = heldOf(one);
        const { dx, dgamma, dbeta } = run(one);
        const step = 1e-5;
        const difference = (change: (by: number) => Experiment): number =>
          (lossHolding(change(step), held) - lossHolding(change(-step), held)) / (2 * step);
        one.src.forEach((_, i) => {
          const expected = difference((by) => ({
            ...one,
            src: one.src.map((x, k) => (k === i ? x + by : x)),
          }));
          expect(Math.abs((dx[i] ?? NaN) - expected)).toBeLessThan(1e-6 * (1 + Math.abs(expected) * 100));
        });
        expect(dgamma).toBeCloseTo(
          difference((by) => ({ ...one, gamma: one.gamma + by })),
          6,
        );
        expect(dbeta).toBeCloseTo(
          difference((by) => ({ ...one, beta: one.beta + by })),
          6,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('reports the statistics of the whole batch, whatever the groups', () => {
    fc.assert(
      fc.property(experiment, (one) => {
        const whole = batchStatistic(one.src);
        const { batchMean, batchVariance } = run(one);
        expect(batchMean).toBeCloseTo(whole.mean, 12);
        expect(batchVariance).toBeCloseTo(whole.variance, 12);
      }),
    );
  });

  it('is inference where nothing is cut off: the batch’s own statistics cancel', () => {
    fc.assert(
      fc.property(experiment, (one) => {
        const { dst } = run({ ...one, maxR: 1e9, maxD: 1e9 });
        one.src.forEach((x, i) => {
          const stored = (x - one.mean) / Math.sqrt(one.variance + EPSILON);
          expect(dst[i]).toBeCloseTo(one.gamma * stored + one.beta, 9);
        });
      }),
    );
  });
});
