import { describe, expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import { planOf } from '../optimizers/registry.ts';
import { dropoutHash, dropoutKey, dropoutThreshold } from '../program/dropoutHash.ts';
import type { Backend, ComputePrecision } from '../backend/backend.ts';
import { expectSameStep } from './comparison.ts';
import { chainCase, type ConformanceCase } from './conformanceCase.ts';
import {
  compileCase,
  modeProgram,
  observe,
  observeOnce,
  openExperiment,
  scalarsOf,
  trainSteps,
} from './experiment.ts';
import { expectMixedLabels } from './mixedLabels.ts';
import { NORMALIZATION_CASES } from './normalizationCases.ts';
import type { Tolerances } from './tolerances.ts';
import { TRAINED_CASES } from './training.ts';

const MOMENTUM = planOf({ kind: 'sgd', momentum: 0.9, nesterov: false, l1: 0, l2: 0 });

/** Tests that a backend is consistent with itself and with the definitions of the instructions, in any precision. */
export function describeConsistency(
  backend: Backend,
  precision: ComputePrecision,
  tolerances: Tolerances,
): void {
  describe('consistency', () => {
    it.each(NORMALIZATION_CASES.filter(({ name }) => name.includes('ReLU')))(
      'fused as unfused: $name',
      (one) => {
        const [fused, unfused] = [true, false].map((fuse) => observeOnce(backend, precision, one, { fuse }));
        const { state } = compileCase(one);
        expectSameStep(must(fused, 'fused'), must(unfused, 'unfused'), state, tolerances);
      },
    );
    it.each(TRAINED_CASES)('two runs on two threads are bit-identical: $name', (one) => {
      expect(trainedBits(backend, precision, one)).toEqual(trainedBits(backend, precision, one));
    });
    it('evaluation and calibration change no state', () => {
      const one = must(TRAINED_CASES[0], 'case');
      const program = modeProgram(one, 'calibrate', {});
      const session = openExperiment(backend, precision, program);
      const before = session.state.slice();
      expect(observe(session, program, one).state).toEqual(before);
      expect(observe(session, modeProgram(one, 'evaluate', {}), one).state).toEqual(before);
      session.close();
    });
    it('evaluates each sample by itself', () => {
      expectSamplesAlone(backend, precision);
    });
    it('draws the dropout masks that the hash defines', () => {
      expectDefinedMask(backend, precision);
    });
    it('weighs the two labels of mixed pictures', () => {
      expectMixedLabels(backend, precision);
    });
    it('gives no loss and no correct count without labels', () => {
      const one = must(TRAINED_CASES[0], 'case');
      const program = modeProgram(one, 'evaluate', {});
      const session = openExperiment(backend, precision, program);
      const prepared = session.prepare(program, 1);
      prepared.run({ images: new Float32Array(192).fill(0.5) }, scalarsOf(1));
      expect(prepared.loss()).toBeNaN();
      expect(prepared.correct()).toBe(0);
      expect(prepared.logits.every(Number.isFinite)).toBe(true);
      session.close();
    });
  });
}

function trainedBits(backend: Backend, precision: ComputePrecision, one: ConformanceCase): unknown {
  const program = compileCase(one, { optimizer: MOMENTUM });
  const session = openExperiment(backend, precision, program, { threads: 2 });
  const losses = trainSteps(session, program, one, 3);
  const state = session.state.slice();
  session.close();
  return { losses, state };
}

/**
 * In evaluation the logits of a sample depend only on that sample; the batch size changes at most the order of sums.
 */
function expectSamplesAlone(backend: Backend, precision: ComputePrecision): void {
  const one = must(TRAINED_CASES[0], 'case');
  const program = modeProgram(one, 'evaluate', {});
  const session = openExperiment(backend, precision, program);
  const images = Float32Array.from({ length: 2 * 192 }, (_, i) => Math.sin(i));
  const logitsOf = (part: Float32Array, batch: number): ArrayLike<number> => {
    const prepared = session.prepare(program, batch);
    prepared.run({ images: part }, scalarsOf(1));
    return prepared.logits.slice();
  };
  const together = logitsOf(images, 2);
  const alone = [logitsOf(images.slice(0, 192), 1), logitsOf(images.slice(192), 1)].flatMap((part) =>
    Array.from(part),
  );
  const digits = precision === 'bf16' ? 1 : 4;
  alone.forEach((value, index) => {
    expect(together[index]).toBeCloseTo(value, digits);
  });
  session.close();
}

/** In a linear network after dropout, the gradient at the input is zero exactly where the mask is zero. */
function expectDefinedMask(backend: Backend, precision: ComputePrecision): void {
  const rate = 0.4;
  const one = chainCase('mask', [3, 8, 8], 5, ['dropout', { rate }]);
  const program = compileCase(one);
  const drop = must(
    program.instructions.find(({ op }) => op === 'dropout'),
    'dropout',
  );
  if (drop.op !== 'dropout') return;
  const session = openExperiment(backend, precision, program);
  const gradient = must(observe(session, program, one).inputGradient, 'gradient at the input');
  const key = dropoutKey(scalarsOf(1).randomKey, drop.salt);
  const kept = Array.from(gradient, (_, i) => dropoutHash(key, i) >= dropoutThreshold(rate));
  expect(Array.from(gradient, (value) => value !== 0)).toEqual(kept);
  session.close();
}
