import type { TapValues } from '../backend/backend.ts';
import { must } from '../diagnostics/invariantError.ts';
import { expect } from 'vitest';
import type { StateLayout } from '../program/stateLayout.ts';
import type { Observation } from './experiment.ts';
import { expectAllClose, expectNormClose, largest } from './expectAllClose.ts';
import type { Tolerance, Tolerances } from './tolerances.ts';

type Numbers = ArrayLike<number>;

interface Slice {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/**
 * Fails unless `actual` equals `expected` within the tolerances: logits, loss, correct, gradients slot by slot,
 * gradient at the input, batch statistics, and the state after the step.
 */
export function expectSameStep(
  actual: Observation,
  expected: Observation,
  layout: StateLayout,
  tolerances: Tolerances,
): void {
  const { outputs, batchStatistics } = tolerances;
  compareScaled(actual.logits, expected.logits, outputs, tolerances, 'logits');
  compareScaled([actual.loss], [expected.loss], outputs, tolerances, 'loss', 1);
  if (tolerances.measure === 'element') expect(actual.correct, 'correct').toBe(expected.correct);
  compareScaled(
    actual.batchStatistics,
    expected.batchStatistics,
    batchStatistics,
    tolerances,
    'batch statistics',
  );
  compareGradients(actual, expected, layout, tolerances);
  expectSameState(actual.state, expected.state, layout, tolerances);
}

/**
 * Fails unless the outputs of blocks and the gradients at them agree. In a network whose gradients cancel somewhere,
 * their errors are measured by the largest gradient.
 */
export function expectSameTaps(
  actual: readonly TapValues[],
  expected: readonly TapValues[],
  tolerances: Tolerances,
): void {
  const { outputs, gradients, noiseShare } = tolerances;
  const leastScale = noiseShare * Math.max(...expected.map((tap) => largest(tap.gradients ?? [])));
  expect(actual.map(({ node, shape }) => [node, shape])).toEqual(
    expected.map(({ node, shape }) => [node, shape]),
  );
  for (const [index, tap] of expected.entries()) {
    const got = must(actual[index], 'tap');
    compareScaled(got.values, tap.values, outputs, tolerances, `output of ${tap.node}`);
    if (tap.gradients === null) continue;
    const gradient = must(got.gradients, 'gradient at a tap');
    compareScaled(gradient, tap.gradients, gradients, tolerances, `gradient at ${tap.node}`, leastScale);
  }
}

/** Fails unless both states agree slot by slot, moments and averages included. */
export function expectSameState(
  actual: Numbers,
  expected: Numbers,
  layout: StateLayout,
  tolerances: Tolerances,
): void {
  const moments = layout.momentOffsets.map((offset, index) => ({
    ...{ name: `moment ${String(index + 1)}`, offset, size: layout.parameterSize },
  }));
  for (const slot of [...layout.parameters, ...layout.statistics, ...moments, ...averagesOf(layout)]) {
    const label = `state of ${slot.name}`;
    compareScaled(cut(actual, slot), cut(expected, slot), tolerances.state, tolerances, label);
  }
}

function averagesOf({ averageOffset, parameters, statistics }: StateLayout): Slice[] {
  if (averageOffset === undefined) return [];
  return [...parameters, ...statistics].map(({ name, offset, size }) => ({
    name: `average of ${name}`,
    offset: averageOffset + offset,
    size,
  }));
}

function compareGradients(
  actual: Observation,
  expected: Observation,
  layout: StateLayout,
  tolerances: Tolerances,
): void {
  const { gradients, noiseShare } = tolerances;
  const leastScale = noiseShare * largest(expected.gradients);
  expect(actual.gradients.length, 'length of gradients').toBe(expected.gradients.length);
  for (const slot of expected.gradients.length === 0 ? [] : layout.parameters) {
    const label = `gradient of ${slot.name}`;
    const [got, wanted] = [cut(actual.gradients, slot), cut(expected.gradients, slot)];
    compareScaled(got, wanted, gradients, tolerances, label, leastScale);
  }
  if (expected.inputGradient === null) return;
  const atInput = must(actual.inputGradient, 'gradient at the input');
  compareScaled(atInput, expected.inputGradient, gradients, tolerances, 'gradient at the input');
}

/** `absolute` is relative to the scale of the expected array: its largest element, at least `leastScale`. */
function compareScaled(
  actual: Numbers,
  expected: Numbers,
  tolerance: Tolerance,
  { measure }: Tolerances,
  label: string,
  leastScale = 0,
): void {
  const scale = Math.max(largest(expected), leastScale);
  if (measure === 'element') {
    expectAllClose(actual, expected, { ...tolerance, absolute: tolerance.absolute * scale }, label);
    return;
  }
  const absolute = tolerance.absolute * scale * Math.sqrt(expected.length);
  expectNormClose(actual, expected, { ...tolerance, absolute }, label);
}

function cut(values: Numbers, slot: { offset: number; size: number }): number[] {
  return Array.from({ length: slot.size }, (_, index) => values[slot.offset + index] ?? NaN);
}
