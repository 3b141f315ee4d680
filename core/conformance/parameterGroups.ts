import { describe, expect, it } from 'vitest';
import type { Params } from '../document/schema.ts';
import { planOf, type OptimizerSettings } from '../optimizers/registry.ts';
import type { OptimizerPlan, UpdateTerms } from '../program/optimizer.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { Backend, ComputePrecision, StepScalars } from '../backend/backend.ts';
import type { CompileOptions } from '../compile/options.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { expectAllClose } from './expectAllClose.ts';
import { bodyCase, type ConformanceCase } from './conformanceCase.ts';
import { compileCase, makeFeed, openExperiment, scalarsOf, trainSteps } from './experiment.ts';
import type { Body } from './networks.ts';

const STEPS = 3;
const FROZEN_NORM: Params = {
  ...{ normalizeBy: 'stored', updateStatistics: false },
  ...{ trainGamma: false, trainBeta: false },
};
const FROZEN: Params = { trainWeights: false };

/** Every kind with weights; `params` are given to those of the trunk. */
function body(params: Params, norm: Params): Body {
  return (add, input) => {
    // Without a bias: before a norm its gradient is rounding error, which Lion turns into full steps.
    const conv = add('conv2d', [input], { filters: 6, bias: false, ...params });
    const normed = add('relu', [add('batchNorm', [conv], norm)]);
    const grouped = add('prelu', [add('groupNorm', [normed], { groups: 2, ...params })], params);
    const up = add('convTranspose2d', [grouped], { filters: 5, kernel: 2, bias: false, ...params });
    const layered = add('layerNorm', [add('instanceNorm', [up], params)], params);
    const tail = add('globalAvgPool', [add('conv2d', [layered], { filters: 6, stride: 2 })]);
    return add('dense', [tail], { units: 4, ...params });
  };
}

const ONE_THIRD: Params = { rateFactor: 1 / 3 };

/** Trained together with the other cases of `training.ts`. */
export const GROUP_CASES: readonly ConformanceCase[] = [
  bodyCase('network with rates of its own', [3, 6, 6], 5, body(ONE_THIRD, { rateFactor: 0.7 })),
  bodyCase('network with a frozen trunk', [3, 6, 6], 5, body(FROZEN, FROZEN_NORM)),
].map((one) => ({ ...one, roundingDepth: 2 }));

/** Tests of frozen blocks and learning rate factors, bit by bit. */
export function describeParameterGroups(
  backend: Backend,
  precision: ComputePrecision,
  optimizers: readonly (readonly [string, OptimizerSettings & UpdateTerms])[],
): void {
  describe('parameter groups', () => {
    it.each(optimizers)('%s: a frozen block keeps every bit, and its moments stay 0', (_, settings) => {
      expectFrozenBits(backend, precision, planOf(settings));
    });
    it.each(optimizers)('%s: factor 1/2 is half of the learning rate, bit by bit', (_, settings) => {
      const optimizer = planOf(settings);
      const half = { rateFactor: 0.5 };
      const halved = bodyCase('halved', [3, 6, 6], 5, (add, input) => {
        const conv = add('conv2d', [input], { filters: 6, ...half });
        return add('tanh', [add('batchNorm', [conv], half)]);
      });
      const plain = bodyCase('plain', [3, 6, 6], 5, (add, input) => {
        const conv = add('conv2d', [input], { filters: 6 });
        return add('tanh', [add('batchNorm', [conv])]);
      });
      // A single step, since the Dense of the case keeps the factor 1: it must not act on the gradient of the others.
      const [found, wanted] = [
        oneStep(backend, precision, halved, { optimizer }, { learningRate: 0.02 }),
        oneStep(backend, precision, plain, { optimizer }, { learningRate: 0.01 }),
      ];
      for (const name of ['conv2d1.weights', 'conv2d1.bias', 'batchNorm1.gamma', 'batchNorm1.beta'])
        expect(found.get(name), name).toEqual(wanted.get(name));
      expect(found.get('logits.weights')).not.toEqual(wanted.get('logits.weights'));
    });
    it.each(optimizers)('%s: a block that starts late is updated as at the first update', (_, settings) => {
      const optimizer = planOf(settings);
      const one = bodyCase('late', [3, 6, 6], 5, (add, input) =>
        add('tanh', [add('conv2d', [input], { filters: 6 })]),
      );
      const late = { nodes: new Set([toNodeId('conv2d1')]), updates: 4 };
      const [found, first, fifth] = [
        oneStep(backend, precision, one, { optimizer, late }, { step: 5 }),
        oneStep(backend, precision, one, { optimizer }, { step: 1 }),
        oneStep(backend, precision, one, { optimizer }, { step: 5 }),
      ];
      for (const name of ['conv2d1.weights', 'conv2d1.bias'])
        expect(found.get(name)).toEqual(first.get(name));
      for (const name of ['logits.weights', 'logits.bias']) expect(found.get(name)).toEqual(fifth.get(name));
    });
    it('the norm of the gradient is that of the trained parameters', () => {
      expectNormOfTrained(backend, precision);
    });
  });
}

function expectFrozenBits(backend: Backend, precision: ComputePrecision, optimizer: OptimizerPlan): void {
  const [, one] = GROUP_CASES as readonly [ConformanceCase, ConformanceCase];
  const program = compileCase(one, { optimizer });
  const session = openExperiment(backend, precision, program);
  const { state: layout } = program;
  const before = session.state.slice();
  trainSteps(session, program, one, STEPS);
  const changed = rangesOf(layout).filter(({ offset, size }) =>
    session.state.subarray(offset, offset + size).some((value, i) => !Object.is(value, before[offset + i])),
  );
  const trained = layout.parameters.filter((slot) => slot.trainable).map(({ name }) => name);
  expect(trained).toEqual(['conv2d2.weights', 'conv2d2.bias', 'logits.weights', 'logits.bias']);
  expect(new Set(changed.map(({ name }) => name))).toEqual(new Set(trained));
  session.close();
}

/** The place of each slot, of its moments and of its average, under the name of the slot. */
function rangesOf({
  parameters,
  statistics,
  momentOffsets,
  averageOffset,
}: StateLayout): readonly { readonly name: string; readonly offset: number; readonly size: number }[] {
  const averages = averageOffset === undefined ? [] : [averageOffset];
  const copies = [0, ...momentOffsets, ...averages];
  return [
    ...copies.flatMap((base) =>
      parameters.map(({ name, offset, size }) => ({ name, size, offset: base + offset })),
    ),
    ...[0, ...averages].flatMap((base) =>
      statistics.map(({ name, offset, size }) => ({ name, size, offset: base + offset })),
    ),
  ];
}

function oneStep(
  backend: Backend,
  precision: ComputePrecision,
  one: ConformanceCase,
  options: Partial<CompileOptions>,
  changed: Partial<StepScalars>,
): ReadonlyMap<string, readonly number[]> {
  const program = compileCase(one, options);
  const session = openExperiment(backend, precision, program);
  const scalars = { ...scalarsOf(1), ...changed };
  session.prepare(program, one.batch).run(makeFeed(program, one, 1, session), scalars);
  const found = new Map(
    program.state.parameters.map(({ name, offset, size }) => [
      name,
      Array.from(session.state.subarray(offset, offset + size)),
    ]),
  );
  session.close();
  return found;
}

/** The gradients of frozen slots are never written; whatever is there must not count. */
function expectNormOfTrained(backend: Backend, precision: ComputePrecision): void {
  const [, one] = GROUP_CASES as readonly [ConformanceCase, ConformanceCase];
  const clipping = { by: 'norm', limit: 0.1 } as const;
  const optimizer = planOf({ kind: 'sgd', momentum: 0, nesterov: false, l1: 0, l2: 0, clipping });
  const program = compileCase(one, { optimizer });
  const session = openExperiment(backend, precision, program);
  const prepared = session.prepare(program, one.batch);
  for (const { trainable, offset, size } of program.state.parameters)
    if (!trainable) prepared.gradients.fill(1e3, offset, offset + size);
  prepared.run(makeFeed(program, one, 1, session), scalarsOf(1));
  const squares = program.state.parameters
    .filter((slot) => slot.trainable)
    .flatMap(({ offset, size }) =>
      Array.from(prepared.gradients.subarray(offset, offset + size), (g) => g * g),
    );
  const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  expect(norm).toBeGreaterThan(0);
  expectAllClose([prepared.gradientNorm()], [norm], { relative: 1e-5, absolute: 0 }, 'norm');
  session.close();
}
