import { describe, expect, it } from 'vitest';
import { must } from '../../diagnostics/invariantError.ts';
import { ALL_CASES } from '../../conformance/cases.ts';
import type { ConformanceCase } from '../../conformance/conformanceCase.ts';
import { describeConsistency } from '../../conformance/consistency.ts';
import { compileCase } from '../../conformance/experiment.ts';
import { expectGradientsOfDifferences } from '../../conformance/gradientCheck.ts';
import { F64_TOLERANCES } from '../../conformance/tolerances.ts';
import { TRAINED_CASES } from '../../conformance/training.ts';
import { referenceBackend } from './referenceBackend.ts';

const CASES: readonly ConformanceCase[] = [...ALL_CASES, ...TRAINED_CASES];
/**
 * Larger networks test backends that compute in tiles. The loops of the reference do not depend on sizes, and finite
 * differences of large networks are slow.
 */
const MOST_FLOPS = 2e6;

const DIFFERENTIABLE = CASES.filter(
  ({ graph, batch, holdsConstants }) => holdsConstants !== true && graph.flops * batch < MOST_FLOPS,
);

describe('gradients against central differences', () => {
  it.each(DIFFERENTIABLE)('$name', (one) => {
    expectGradientsOfDifferences(referenceBackend, one);
  });
});

describe('reference backend', () => {
  describeConsistency(referenceBackend, 'f64', F64_TOLERANCES);

  const one = must(TRAINED_CASES[0], 'case');
  const program = compileCase(one);
  const open = () => referenceBackend.open(program.state, { threads: 1, precision: 'f64' });

  it('takes Float32Array and Float64Array feeds alike', () => {
    const session = open();
    session.state.fill(0.25);
    const images = Float32Array.from({ length: 5 * 192 }, (_, i) => Math.sin(i));
    const labels = new Int32Array(5);
    const losses = [images, Float64Array.from(images)].map((fed) => {
      session.state.fill(0.25);
      const prepared = session.prepare(program, 5);
      prepared.run({ images: fed, labels }, { learningRate: 0.1, step: 1, randomKey: 1 });
      return prepared.loss();
    });
    expect(losses[0]).toBe(losses[1]);
    expect(losses[0]).toBeGreaterThan(0);
  });

  it('refuses feeds that do not fit the prepared batch', () => {
    const prepared = open().prepare(program, 2);
    const scalars = { learningRate: 0.1, step: 1, randomKey: 1 };
    const images = new Float32Array(2 * 192);
    expect(() => prepared.run({ images: new Float32Array(192) }, scalars)).toThrow(/192 values fed/);
    expect(() => prepared.run({ images: new Uint8Array(2 * 192) }, scalars)).toThrow(/f32/);
    expect(() => prepared.run({ images, labels: new Int32Array(3) }, scalars)).toThrow(/3 labels/);
    expect(() => prepared.run({ images, labels: Int32Array.of(0, 7) }, scalars)).toThrow(/label 7 of 3/);
    expect(() => prepared.run({ images }, scalars)).toThrow(/labels of a training step/);
  });

  it('refuses a program of another layout, a closed session and a precision it does not have', () => {
    const session = open();
    const other = compileCase(must(TRAINED_CASES[1], 'case'));
    expect(() => session.prepare(other, 2)).toThrow(/another state layout/);
    session.close();
    expect(() => session.prepare(program, 2)).toThrow(/closed/);
    expect(() => referenceBackend.open(program.state, { threads: 1, precision: 'f32' })).toThrow(/no f32/);
  });
});
