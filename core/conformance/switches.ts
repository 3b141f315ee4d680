import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import type { Params } from '../document/schema.ts';
import type { Averaging } from '../program/instruction.ts';
import { planOf } from '../optimizers/registry.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { Backend, ComputePrecision } from '../backend/backend.ts';
import type { FloatArray } from '../program/floatArray.ts';
import { bodyCase, type ConformanceCase } from './conformanceCase.ts';
import { compileCase, modeProgram, observe, openExperiment, trainSteps } from './experiment.ts';

/** The optimizer of the epoch, with momentum and decay, so that any update of a frozen tensor changes it. */
const OPTIMIZER = planOf({ kind: 'sgd', momentum: 0.9, nesterov: false, l1: 0, l2: 1e-3 });
const STEPS = 4;

interface Setting {
  readonly normalizeBy: 'batch' | 'stored';
  readonly updateStatistics: boolean;
  readonly trainGamma: boolean;
  readonly trainBeta: boolean;
}

/** All sixteen settings of the four switches. */
const SWITCH_SETTINGS: readonly Setting[] = (['batch', 'stored'] as const).flatMap((normalizeBy) =>
  [true, false].flatMap((updateStatistics) =>
    [true, false].flatMap((trainGamma) =>
      [true, false].map((trainBeta) => ({ normalizeBy, updateStatistics, trainGamma, trainBeta })),
    ),
  ),
);

/**
 * Tests of the switches of BatchNorm, by the hash of every tensor. After an epoch a tensor of the block under test has
 * changed exactly if its switch allows it, all other parameters have changed, and moments of untrained parameters are
 * still zero. Neither validation nor a preview changes any bit of the state.
 */
export function describeSwitches(name: string, backend: Backend, precision: ComputePrecision): void {
  describe(`${name} ${precision}: the four switches`, () => {
    it.each(SWITCH_SETTINGS)(
      'by $normalizeBy, update $updateStatistics, gamma $trainGamma, beta $trainBeta',
      (setting) => {
        fc.assert(
          fc.property(fc.integer({ min: 1, max: 1000 }), features, (seed, extra) => {
            expectTruthTable(backend, precision, setting, seed, extra);
          }),
          { numRuns: 4, seed: 20 },
        );
      },
    );
  });
}

/** Settings that may be combined with the switches and must not change their effect. */
const features = fc.record({
  fused: fc.boolean(),
  perFeature: fc.boolean(),
  renorm: fc.boolean(),
  ghostSize: fc.constantFrom(0, 2),
  averaging: fc.constantFrom<Averaging>('decay', 'cumulative'),
});
type Features = typeof features extends fc.Arbitrary<infer F> ? F : never;

/** The block under test between two other blocks that are fully trained. */
function networkOf(setting: Setting, extra: Features): ConformanceCase {
  const { fused, perFeature, ...others } = extra;
  const params: Params = { ...setting, ...others, renormStart: 0, renormEndR: 2, renormEndD: 2 };
  return bodyCase('switches', [3, 4, 4], 6, (add, input) => {
    const conv = add('conv2d', [input], { filters: 5, bias: false });
    // A constant before a BatchNorm has no effect and no gradient. Therefore no bias is used there, and a nonlinearity
    // follows the beta of the first block.
    const first = add('silu', [add('batchNorm', [conv])]);
    const before = perFeature ? add('dense', [add('flatten', [first])], { units: 7, bias: false }) : first;
    const tested = add('batchNorm', [before], params);
    const active = fused ? add('relu', [tested]) : add('tanh', [tested]);
    return add('dense', [add('flatten', [active])], { units: 6 });
  });
}
const TESTED = 'batchNorm2';

function expectTruthTable(
  backend: Backend,
  precision: ComputePrecision,
  setting: Setting,
  seed: number,
  extra: Features,
): void {
  const one = networkOf(setting, extra);
  const program = compileCase(one, { optimizer: OPTIMIZER, inputGradient: false });
  const session = openExperiment(backend, precision, program, { seed });
  const before = hashesOf(program.state, session.state);
  trainSteps(session, program, one, STEPS);
  const after = hashesOf(program.state, session.state);
  const changed = [...before]
    .filter(([tensor, hash]) => after.get(tensor) !== hash)
    .map(([tensor]) => tensor);
  expect(changed.sort()).toEqual(expectedChanges(program.state, setting).sort());
  for (const mode of ['evaluate', 'calibrate'] as const) {
    observe(session, modeProgram(one, mode, { optimizer: OPTIMIZER }), one, 9);
    expect([...hashesOf(program.state, session.state)], `bits after ${mode}`).toEqual([...after]);
  }
  session.close();
}

/**
 * The changes that the switches imply: every trained parameter and its moment, and the statistics of the block under
 * test if they are updated.
 */
function expectedChanges(layout: StateLayout, setting: Setting): string[] {
  const isOn = (node: string, field: string): boolean => {
    if (node !== TESTED) return true;
    if (field === 'gamma') return setting.trainGamma;
    if (field === 'beta') return setting.trainBeta;
    return setting.updateStatistics;
  };
  const parameters = layout.parameters.filter(({ node, field }) => isOn(node, field)).map(({ name }) => name);
  const statistics = layout.statistics.filter(({ node, field }) => isOn(node, field)).map(({ name }) => name);
  return [...parameters, ...parameters.map((name) => `moment of ${name}`), ...statistics];
}

/** Returns a hash of the bits of each parameter, each statistic and the moment of each parameter. */
function hashesOf(layout: StateLayout, state: FloatArray): Map<string, string> {
  const momentAt = must(layout.momentOffsets[0], 'moment');
  const cut = (offset: number, size: number): string => hashOf(state.subarray(offset, offset + size));
  return new Map([
    ...layout.parameters.map(({ name, offset, size }) => [name, cut(offset, size)] as const),
    ...layout.parameters.map(
      ({ name, offset, size }) => [`moment of ${name}`, cut(momentAt + offset, size)] as const,
    ),
    ...layout.statistics.map(({ name, offset, size }) => [name, cut(offset, size)] as const),
  ]);
}

/** 64 bits of FNV-1a, over every byte; -0 and 0 differ. */
function hashOf(values: FloatArray): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16);
}
