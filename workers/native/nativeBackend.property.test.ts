import fc from 'fast-check';
import { describe, it } from 'vitest';

import { expectSameStep } from '#core/conformance/comparison.ts';
import { compileCase, observeOnce } from '#core/conformance/experiment.ts';
import { bodyCase, chainCase } from '#core/conformance/conformanceCase.ts';
import type { Params } from '#core/document/schema.ts';
import { chain, networkGraph, type Link } from '#core/conformance/networks.ts';
import { F32_TOLERANCES } from '#core/conformance/tolerances.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { requireAddon } from './testing/programs.ts';

/* Smooth blocks only: a ReLU or a maximum near a tie may fall to the other side in f32, which is no error. */
const filters = fc.constantFrom(3, 8, 16, 17, 32);
/*
 * A channel that dropout left constant has zero variance: with a small epsilon each block would amplify its rounding
 * error 300 times.
 */
const norm = fc
  .constantFrom<Params>(
    {},
    { normalizeBy: 'stored' },
    { averaging: 'cumulative', variance: 'biased' },
    { renorm: true, renormStart: 0, renormEndR: 1, renormEndD: 1 },
    { updateStatistics: false, trainGamma: false },
  )
  .map((params): Link => ['batchNorm', { ...params, epsilon: 1e-2 }]);
const link: fc.Arbitrary<Link> = fc.oneof(
  filters.map((count): Link => ['conv2d', { filters: count, bias: false }]),
  filters.map((count): Link => ['conv2d', { filters: count, kernel: 1 }]),
  norm,
  fc.constantFrom<Link>(
    ['dropout', { rate: 0.25 }],
    ['silu'],
    ['gelu'],
    ['tanh'],
    ['avgPool', { kernel: 2, stride: 1 }],
    ['layerNorm'],
    ['layerNorm', { over: 'eachPixel' }],
    ['groupNorm', { groups: 1 }],
    ['instanceNorm'],
    ['softmax'],
    ['elu'],
    ['sigmoid'],
    ['spatialDropout', { rate: 0.25 }],
    ['convTranspose2d', { filters: 16, kernel: 3, stride: 1, padding: 'explicit' }],
    ['convTranspose2d', { filters: 5, kernel: 2 }],
    ['pad', { border: 'reflect', top: 0, left: 0 }],
    ['upsample', { factor: 2, interpolation: 'bilinear' }],
    ['reshape', { to: 'picture', channels: -1, height: 1, width: 2 }],
  ),
);
const SHAPE = [3, 7, 6];
const links = fc
  .array(link, { minLength: 1, maxLength: 5 })
  .filter((each) => checkGraph(networkGraph(SHAPE, chain(...each))).graph !== null);

const RUNS = Number(process.env['NORMLAB_NETWORK_RUNS'] ?? 60);
/*
 * Occasionally a network's gradient is only rounding noise, which is no error: by default the networks are always the
 * same.
 */
const SEED = process.env['NORMLAB_NETWORK_RUNS'] === undefined ? { seed: 3 } : {};
const addon = requireAddon();

describe('random networks, in whatever layouts they come out', () => {
  const backend = createNativeBackend(addon);

  const check = (one: ReturnType<typeof chainCase>): void => {
    const expected = observeOnce(referenceBackend, 'f64', one);
    expectSameStep(observeOnce(backend, 'f32', one), expected, compileCase(one).state, F32_TOLERANCES);
  };

  it('chains agree with the reference', () => {
    fc.assert(
      fc.property(links, fc.integer({ min: 2, max: 4 }), (blocks, batch) => {
        check(chainCase('chain', SHAPE, batch, ...blocks));
      }),
      { numRuns: RUNS, ...SEED },
    );
  });

  it('branches that are joined by concat and add agree with the reference', () => {
    fc.assert(
      fc.property(filters, filters, filters, (a, b, c) => {
        check(
          bodyCase('branches', [3, 6, 6], 3, (add, input) => {
            const left = add('conv2d', [input], { filters: a });
            const right = add('batchNorm', [add('conv2d', [input], { filters: b, kernel: 1 })]);
            const joined = add('tanh', [add('concat', [left, right, input])]);
            const main = add('conv2d', [joined], { filters: c });
            return add('dropout', [add('add', [main, add('conv2d', [left], { filters: c })])]);
          }),
        );
      }),
      { numRuns: 25 },
    );
  });
});
