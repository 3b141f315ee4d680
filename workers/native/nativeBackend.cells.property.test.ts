import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectSameStep } from '#core/conformance/comparison.ts';
import { bodyCase, type ConformanceCase } from '#core/conformance/conformanceCase.ts';
import { compileCase, observeOnce } from '#core/conformance/experiment.ts';
import type { Add } from '#core/conformance/networks.ts';
import { bf16Random, F32_TOLERANCES } from '#core/conformance/tolerances.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { requireAddon } from './testing/programs.ts';

/** Patterns of real networks, which the engine therefore computes in one pass. */
interface Cell {
  readonly form: 'plain' | 'pooled' | 'residual' | 'projected' | 'branched';
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly bias: boolean;
  readonly stored: boolean;
  /** Of the norms inside the cell. */
  readonly activation: 'relu' | 'relu6';
}

const cell: fc.Arbitrary<Cell> = fc.record({
  form: fc.constantFrom('plain', 'pooled', 'residual', 'projected', 'branched'),
  filters: fc.constantFrom(5, 8, 16, 24, 32),
  kernel: fc.constantFrom(1, 2, 3, 3, 3, 5),
  stride: fc.constantFrom(1, 1, 2),
  bias: fc.boolean(),
  stored: fc.constantFrom(false, false, false, true),
  activation: fc.constantFrom('relu', 'relu', 'relu6'),
});

const network = fc.record({
  cells: fc.array(cell, { minLength: 1, maxLength: 3 }),
  channels: fc.constantFrom(1, 3),
  height: fc.integer({ min: 4, max: 12 }),
  width: fc.integer({ min: 4, max: 20 }),
  batch: fc.integer({ min: 2, max: 4 }),
  threads: fc.integer({ min: 1, max: 3 }),
});
type Network = typeof network extends fc.Arbitrary<infer N> ? N : never;

function normalized(
  add: Add,
  before: NodeId,
  one: Cell,
  settings: Partial<Cell>,
  isRectified: boolean,
): NodeId {
  const { filters, kernel, stride, bias, stored } = { ...one, ...settings };
  const conv = add('conv2d', [before], { filters, kernel, stride, bias });
  const norm = add('batchNorm', [conv], { epsilon: 1e-2, normalizeBy: stored ? 'stored' : 'batch' });
  return isRectified ? add(one.activation, [norm]) : norm;
}

function addCell(add: Add, before: NodeId, one: Cell): NodeId {
  const odd = one.kernel % 2 === 1 ? {} : { kernel: 3 };
  const first = normalized(add, before, one, one.form === 'plain' ? {} : odd, true);
  switch (one.form) {
    case 'plain':
      return first;
    case 'pooled':
      return add('maxPool', [first], { kernel: 2, stride: 2, padding: 'same' });
    case 'residual': {
      const second = normalized(add, first, one, { ...odd, stride: 1 }, false);
      return add('relu', [add('add', [second, first])]);
    }
    case 'projected': {
      const second = normalized(add, first, one, { ...odd, stride: 1 }, false);
      const shortcut = normalized(add, before, one, { kernel: 1 }, false);
      return add('relu', [add('add', [second, shortcut])]);
    }
    case 'branched': {
      const left = normalized(add, first, one, { ...odd, stride: 1 }, true);
      return add('concat', [left, add('dropout', [first], { rate: 0.2 })]);
    }
  }
}

function caseOf({ cells, channels, height, width, batch, threads }: Network): ConformanceCase {
  const one = bodyCase('cells', [channels, height, width], batch, (add, input) =>
    cells.reduce((before, each) => addCell(add, before, each), input),
  );
  return { ...one, threads };
}

/*
 * Norms in f32 too: among thousands of values one may fall on the other side of a ReLU, or lose a maximum by its last
 * bit.
 */
const F32 = { ...F32_TOLERANCES, measure: 'norm' } as const;
const RUNS = Number(process.env['NORMLAB_NETWORK_RUNS'] ?? 30);
const SEED = process.env['NORMLAB_NETWORK_RUNS'] === undefined ? { seed: 3 } : {};

const addon = requireAddon();

describe('random networks of convolution, BatchNorm and ReLU or ReLU6 agree with the reference', () => {
  const backend = createNativeBackend(addon);

  it('in f32', () => {
    fc.assert(
      fc.property(network, (random) => {
        const one = caseOf(random);
        const expected = observeOnce(referenceBackend, 'f64', one);
        expectSameStep(observeOnce(backend, 'f32', one), expected, compileCase(one).state, F32);
      }),
      { numRuns: RUNS, ...SEED },
    );
  });

  it.runIf(backend.precisions.includes('bf16'))('in bf16', () => {
    fc.assert(
      fc.property(network, (random) => {
        const one = caseOf(random);
        const allowed = bf16Random(1 + random.cells.length);
        const expected = observeOnce(referenceBackend, 'f64', one);
        expectSameStep(observeOnce(backend, 'bf16', one), expected, compileCase(one).state, allowed);
      }),
      { numRuns: RUNS, ...SEED },
    );
  });
});
