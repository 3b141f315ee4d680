import { describe, it } from 'vitest';
import type { CompileOptions } from '../compile/options.ts';
import { planOf, type OptimizerSettings } from '../optimizers/registry.ts';
import type { OptimizerPlan, UpdateTerms } from '../program/optimizer.ts';
import type { Backend, ComputePrecision } from '../backend/backend.ts';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { expectSameState, expectSameStep } from './comparison.ts';
import { bodyCase, chainCase, type ConformanceCase } from './conformanceCase.ts';
import { describeParameterGroups, GROUP_CASES } from './parameterGroups.ts';
import {
  compileCase,
  modeProgram,
  observe,
  observeOnce,
  openExperiment,
  trainSteps,
  type Observation,
} from './experiment.ts';
import { deepened, type Tolerances } from './tolerances.ts';

const STEPS = 3;

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-3 } as const;
/** Epsilon is large so that noise around a zero gradient is not amplified. */
const RMSPROP = { alpha: 0.9, epsilon: 0.05 } as const;
const DECAYS = { l1: 0.01, l2: 0.05 } as const;

/**
 * Each optimizer, without and with L1 and L2; `core/optimizers/registry.test.ts` checks that the list is complete.
 * Adam's epsilon is large for the same reason as that of RMSprop.
 */
export const OPTIMIZERS: readonly (readonly [string, OptimizerSettings & UpdateTerms])[] = [
  ['sgd', { kind: 'sgd', momentum: 0, nesterov: false, l1: 0, l2: 0 }],
  ['sgd with decay', { kind: 'sgd', momentum: 0, nesterov: false, ...DECAYS }],
  ['momentum', { kind: 'sgd', momentum: 0.9, nesterov: false, l1: 0, l2: 0 }],
  ['momentum with decay', { kind: 'sgd', momentum: 0.9, nesterov: false, ...DECAYS }],
  ['nesterov with decay', { kind: 'sgd', momentum: 0.8, nesterov: true, ...DECAYS }],
  ['adam', { kind: 'adam', ...ADAM, l1: 0, l2: 0 }],
  ['adam with decay', { kind: 'adam', ...ADAM, ...DECAYS }],
  ['adamw', { kind: 'adamw', ...ADAM, l1: 0, l2: 0.05 }],
  ['adamw with both decays', { kind: 'adamw', ...ADAM, ...DECAYS }],
  ['rmsprop', { kind: 'rmsprop', ...RMSPROP, momentum: 0, centered: false, l1: 0, l2: 0 }],
  ['rmsprop with momentum', { kind: 'rmsprop', ...RMSPROP, momentum: 0.8, centered: false, l1: 0, l2: 0.05 }],
  ['rmsprop centred', { kind: 'rmsprop', ...RMSPROP, momentum: 0, centered: true, ...DECAYS }],
  ['rmsprop centred, momentum', { kind: 'rmsprop', ...RMSPROP, momentum: 0.8, centered: true, ...DECAYS }],
  ['lion', { kind: 'lion', beta1: 0.9, beta2: 0.99, l1: 0, l2: 0 }],
  ['lion with both decays', { kind: 'lion', beta1: 0.9, beta2: 0.99, ...DECAYS }],
  [
    'clipped by norm',
    { kind: 'sgd', momentum: 0.9, nesterov: false, ...DECAYS, clipping: { by: 'norm', limit: 0.3 } },
  ],
  ['clipped by value', { kind: 'adam', ...ADAM, ...DECAYS, clipping: { by: 'value', limit: 0.02 } }],
  ['averaged', { kind: 'sgd', momentum: 0.5, nesterov: false, ...DECAYS, averageDecay: 0.99 }],
  [
    'clipped and averaged',
    { kind: 'adamw', ...ADAM, ...DECAYS, clipping: { by: 'norm', limit: 0.1 }, averageDecay: 0.2 },
  ],
];

/**
 * Factor of the norm tolerances for optimizers whose step depends on the relative size of a gradient, or only on its
 * sign: they turn the rounding error of a small gradient into a full step.
 */
function roundingGain({ kind, clipping }: OptimizerPlan): number {
  if (kind === 'lion' || clipping?.by === 'value') return 3;
  return kind === 'rmsprop' ? 2 : 1;
}

export const TRAINED_CASES: readonly ConformanceCase[] = [
  chainCase(
    'convolutional network',
    [3, 8, 8],
    5,
    ['conv2d', { filters: 8, bias: false }],
    ['batchNorm'],
    ['relu'],
    ['conv2d', { filters: 5, stride: 2 }],
    ['tanh'],
    ['globalAvgPool'],
  ),
  chainCase(
    'network of features',
    [1, 4, 4],
    5,
    ['flatten'],
    ['dense', { units: 9, bias: false }],
    ['batchNorm', { variance: 'biased', decay: 0.7 }],
    ['sigmoid'],
    ['dropout', { rate: 0.3 }],
    ['dense', { units: 5 }],
  ),
  bodyCase('network with frozen parts', [3, 6, 6], 5, (add, input) => {
    const frozen = { normalizeBy: 'stored', updateStatistics: false, trainGamma: false, trainBeta: false };
    const stem = add('relu', [add('batchNorm', [add('conv2d', [input], { filters: 5 })], frozen)]);
    const branch = add('batchNorm', [add('conv2d', [stem], { filters: 5 })], { normalizeBy: 'stored' });
    return add('relu', [add('add', [stem, branch])]);
  }),
  ...GROUP_CASES,
];

const BYTE_INPUT: CompileOptions['input'] = {
  type: 'u8',
  mean: [120, 110.5, 99],
  deviation: [60, 71.25, 55],
};

/** Tests of training over several steps, followed by evaluation and calibration. */
export function describeTraining(
  backend: Backend,
  precision: ComputePrecision,
  tolerances: Tolerances,
): void {
  describe.each(TRAINED_CASES)('training: $name', (one) => {
    it.each(OPTIMIZERS)(`%s, ${String(STEPS)} steps, then evaluation and calibration`, (_, settings) => {
      const optimizer = planOf(settings);
      const [actual, expected] = [
        trainThenLook(backend, precision, one, optimizer),
        trainThenLook(referenceBackend, 'f64', one, optimizer),
      ];
      const { state: layout } = compileCase(one, { optimizer });
      const allowed = deepened(tolerances, roundingGain(optimizer) * (one.roundingDepth ?? 1));
      expectSameState(actual.trained, expected.trained, layout, allowed);
      expectSameStep(actual.evaluated, expected.evaluated, layout, allowed);
      expectSameStep(actual.calibrated, expected.calibrated, layout, allowed);
    });
  });
  describeParameterGroups(backend, precision, OPTIMIZERS);
  it.each(TRAINED_CASES.filter((one) => one.graph.inputShape[0] === 3))('bytes: $name', (one) => {
    const actual = observeOnce(backend, precision, one, { input: BYTE_INPUT });
    const expected = observeOnce(referenceBackend, 'f64', one, { input: BYTE_INPUT });
    expectSameStep(actual, expected, compileCase(one).state, tolerances);
  });
}

interface Course {
  readonly trained: Observation['state'];
  readonly evaluated: Observation;
  readonly calibrated: Observation;
}

function trainThenLook(
  backend: Backend,
  precision: ComputePrecision,
  one: ConformanceCase,
  optimizer: OptimizerPlan,
): Course {
  const program = compileCase(one, { optimizer });
  const session = openExperiment(backend, precision, program);
  trainSteps(session, program, one, STEPS);
  const trained = session.state.slice();
  const evaluated = observe(session, modeProgram(one, 'evaluate', { optimizer }), one, 9);
  const calibrated = observe(session, modeProgram(one, 'calibrate', { optimizer }), one, 10);
  session.close();
  return { trained, evaluated, calibrated };
}
