import { expect } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import { openStream } from '../training/random.ts';
import type { Backend } from '../backend/backend.ts';
import type { FloatArray } from '../program/floatArray.ts';
import type { ConformanceCase } from './conformanceCase.ts';
import { compileCase, makeFeed, openExperiment, scalarsOf } from './experiment.ts';
import { expectAllClose, largest } from './expectAllClose.ts';
import { DIFFERENCE_STEP, DIFFERENCE_TOLERANCE } from './tolerances.ts';

/** Number of elements tested of each parameter, and of the input. */
const PROBES = 5;

/**
 * Compares the gradients of a float64 backend with central differences of its loss, `(L(v + h) - L(v - h)) / 2h`, for
 * some elements of every trainable parameter and of the input. Gradients of frozen parameters must be exactly zero.
 */
export function expectGradientsOfDifferences(backend: Backend, one: ConformanceCase): void {
  const program = compileCase(one);
  const session = openExperiment(backend, 'f64', program);
  const prepared = session.prepare(program, one.batch);
  const start = session.state.slice();
  const { images, labels } = makeFeed(program, one, 1, session);
  const frozenScalars = { ...scalarsOf(1), learningRate: 0 };
  const lossWith = (change: () => void): number => {
    session.state.set(start);
    change();
    prepared.run({ images, labels: must(labels, 'labels') }, frozenScalars);
    return prepared.loss();
  };
  lossWith(() => undefined);
  const gradients = prepared.gradients.slice();
  const inputGradient = must(prepared.inputGradient, 'gradient at the input').slice();
  for (const slot of program.state.parameters) {
    const found = gradients.subarray(slot.offset, slot.offset + slot.size);
    const label = `gradient of ${slot.name}`;
    if (!slot.trainable) {
      expect(largest(found), label).toBe(0);
      continue;
    }
    compareProbes(session.state, slot, gradients, lossWith, label);
  }
  compareProbes(
    images as FloatArray,
    { offset: 0, size: images.length },
    inputGradient,
    lossWith,
    'input gradient',
  );
  session.close();
}

type LossWith = (change: () => void) => number;

function compareProbes(
  values: FloatArray,
  range: { offset: number; size: number },
  gradients: FloatArray,
  lossWith: LossWith,
  label: string,
): void {
  const probes = probesOf(range);
  const expected = probes.map((index) => centralDifference(values, index, lossWith));
  const actual = probes.map((index) => gradients[index] ?? NaN);
  expectAllClose(actual, expected, DIFFERENCE_TOLERANCE, `${label} at ${probes.join(', ')}`);
}

function centralDifference(values: FloatArray, index: number, lossWith: LossWith): number {
  const at = (shift: number): number => {
    const before = values[index] ?? NaN;
    const loss = lossWith(() => {
      values[index] = before + shift;
    });
    values[index] = before;
    return loss;
  };
  return (at(DIFFERENCE_STEP) - at(-DIFFERENCE_STEP)) / (2 * DIFFERENCE_STEP);
}

function probesOf({ offset, size }: { offset: number; size: number }): number[] {
  const random = openStream(size, 'probes');
  return Array.from(
    { length: Math.min(PROBES, size) },
    (_, k) => offset + (size <= PROBES ? k : random.below(size)),
  );
}
