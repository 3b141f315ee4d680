import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../diagnostics/ids.ts';
import { planOf, type OptimizerSettings } from '../../optimizers/registry.ts';
import type { OptimizerPlan, UpdateTerms } from '../../program/optimizer.ts';
import type { ParameterSlot, StateLayout } from '../../program/stateLayout.ts';
import { expectAllClose } from '../../conformance/expectAllClose.ts';
import { F64_TOLERANCES } from '../../conformance/tolerances.ts';
import { OPTIMIZERS } from '../../conformance/training.ts';
import { prepareUpdate } from './update.ts';

/*
 * A second, independent implementation of the optimizers: closed forms over the whole history of gradients instead of
 * running buffers. The tests of the native backend also have trajectories of PyTorch as golden files.
 */

type Settings = OptimizerSettings & UpdateTerms;

const LEARNING_RATE = 0.1;
const STEPS = 10;
const START = [0.8, -0.6, 0.3];

/** Gradient of a small nonlinear loss, so that a wrong step changes all later steps. */
function gradientAt(w: number, step: number): number {
  return Math.sin(3 * w + step) + 0.4 * w;
}

/**
 * `sum_{s <= t} factor^(t - s) * history[s]`: the value of a buffer `b = factor * b + g`, zero at first, after step t.
 */
function decayedSum(history: readonly number[], factor: number): number {
  return history.reduce((sum, value, s) => sum + factor ** (history.length - 1 - s) * value, 0);
}

/** Weights of one parameter over ten steps by the optimizer's definition. */
function trajectory(plan: Settings, start: number, decayed: boolean): number[] {
  const history: number[] = [];
  const path: number[] = [];
  const isDecoupled = plan.kind === 'adamw' || plan.kind === 'lion';
  let w = start;
  for (let t = 1; t <= STEPS; t += 1) {
    const l1 = decayed ? plan.l1 * Math.sign(w) : 0;
    const coupled = decayed && !isDecoupled ? plan.l2 * w : 0;
    history.push(clippedByValue(plan, gradientAt(w, t)) + l1 + coupled);
    const shrunk = decayed && isDecoupled ? w * (1 - LEARNING_RATE * plan.l2) : w;
    w = shrunk - LEARNING_RATE * direction(plan, history);
    path.push(w);
  }
  return path;
}

function clippedByValue({ clipping }: Settings, gradient: number): number {
  if (clipping?.by !== 'value') return gradient;
  return Math.abs(gradient) > clipping.limit ? Math.sign(gradient) * clipping.limit : gradient;
}

function direction(plan: Settings, history: readonly number[]): number {
  switch (plan.kind) {
    case 'sgd': {
      const momentum = decayedSum(history, plan.momentum);
      return plan.nesterov ? (history.at(-1) ?? NaN) + plan.momentum * momentum : momentum;
    }
    case 'rmsprop':
      return decayedSum(
        history.map((_, t) => rmspropDirection(plan, history.slice(0, t + 1))),
        plan.momentum,
      );
    case 'lion': {
      const [before, now] = [history.slice(0, -1), history.at(-1) ?? NaN];
      const momentum = (1 - plan.beta2) * decayedSum(before, plan.beta2);
      return Math.sign(plan.beta1 * momentum + (1 - plan.beta1) * now);
    }
    case 'adam':
    case 'adamw': {
      const squares = history.map((g) => g * g);
      return decayedMean(history, plan.beta1) / (Math.sqrt(decayedMean(squares, plan.beta2)) + plan.epsilon);
    }
  }
}

/** The direction for the last gradient, before momentum. */
function rmspropDirection(
  { alpha, centered, epsilon }: Extract<OptimizerSettings, { kind: 'rmsprop' }>,
  history: readonly number[],
): number {
  const squares = history.map((g) => g * g);
  const mean = centered ? (1 - alpha) * decayedSum(history, alpha) : 0;
  const variance = (1 - alpha) * decayedSum(squares, alpha) - mean * mean;
  return (history.at(-1) ?? NaN) / (Math.sqrt(variance) + epsilon);
}

/** A bias-corrected moment is a weighted mean with weights factor^(t-s). */
function decayedMean(history: readonly number[], factor: number): number {
  const ones = history.map(() => 1);
  return decayedSum(history, factor) / decayedSum(ones, factor);
}

function slot(name: string, offset: number, flags: { trainable: boolean; decayed: boolean }): ParameterSlot {
  const init = { kind: 'constant', value: 0 } as const;
  return {
    name,
    node: 'n' as NodeId,
    field: 'weights',
    dims: [3],
    offset,
    size: 3,
    init,
    rateFactor: 1,
    ...flags,
  };
}

function layoutFor({ moments: { length: moments } }: OptimizerPlan): StateLayout {
  const parameters = [
    slot('kernel', 0, { trainable: true, decayed: true }),
    slot('bias', 3, { trainable: true, decayed: false }),
    slot('frozen', 6, { trainable: false, decayed: true }),
  ];
  const momentOffsets = Array.from({ length: moments }, (_, index) => 9 + 9 * index);
  const sizes = { parameterSize: 9, statisticsOffset: 9, statisticsSize: 0, totalSize: 9 + 9 * moments };
  return { parameters, statistics: [], moments, momentOffsets, ...sizes };
}

/** Runs ten updates of the kernel under test; returns the values of all nine parameters after each. */
function updatedPath(settings: Settings): number[][] {
  const plan = planOf(settings);
  const layout = layoutFor(plan);
  const state = new Float64Array(layout.totalSize);
  [0, 3, 6].forEach((offset) => {
    state.set(START, offset);
  });
  const gradients = new Float64Array(9);
  const update = prepareUpdate(plan, layout, { state, gradients, accumulated: new Float64Array(0) });
  return Array.from({ length: STEPS }, (_, index) => {
    gradients.forEach((__, i) => {
      gradients[i] = gradientAt(state[i] ?? NaN, index + 1);
    });
    update.run({ learningRate: LEARNING_RATE, step: index + 1, randomKey: 0 });
    return Array.from(state.subarray(0, 9));
  });
}

// Clipping by norm and averages are tested in update.test.ts.
describe.each([
  ...OPTIMIZERS.filter(([, plan]) => plan.clipping?.by !== 'norm' && plan.averageDecay === undefined),
  ['adam, eps 1e-8', { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l1: 0, l2: 0 }] as const,
])('%s over ten steps', (_, plan) => {
  const path = updatedPath(plan);
  it.each([
    ['kernel', 0, true],
    ['bias', 3, false],
  ] as const)('moves the %s as defined', (__, offset, decayed) => {
    START.forEach((start, i) => {
      const actual = path.map((values) => values[offset + i] ?? NaN);
      expectAllClose(actual, trajectory(plan, start, decayed), F64_TOLERANCES.state, `w[${String(i)}]`);
    });
  });
  it('leaves a frozen parameter alone', () => {
    for (const values of path) expect(values.slice(6)).toEqual(START);
  });
});

it('steps by learning rate times gradient at first, momentum or not', () => {
  const plan: Settings = { kind: 'sgd', momentum: 0.9, nesterov: false, l1: 0, l2: 0 };
  const [first = []] = updatedPath(plan);
  expect(first[0]).toBeCloseTo(0.8 - 0.1 * gradientAt(0.8, 1), 14);
});

it('steps by about the learning rate at first with Adam, whatever the gradient', () => {
  const [first = []] = updatedPath({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l1: 0, l2: 0 });
  expect(Math.abs((first[0] ?? NaN) - 0.8)).toBeCloseTo(LEARNING_RATE, 6);
});
