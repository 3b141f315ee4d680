import fc from 'fast-check';
import { describe, it } from 'vitest';

import { expectSameStep } from '#core/backend/conformance/comparison.ts';
import { compileCase, observeOnce } from '#core/backend/conformance/experiment.ts';
import { bodyCase, chainCase } from '#core/backend/conformance/conformanceCase.ts';
import type { Link } from '#core/backend/conformance/networks.ts';
import { F32_TOLERANCES } from '#core/backend/conformance/tolerances.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { NativeAddon } from './nativeAddon.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { addonOrSkip } from './testing.ts';

/* Smooth blocks only: a ReLU or a maximum near a tie may fall to the other side in f32, which is no error. */
const filters = fc.constantFrom(3, 8, 16, 17, 32);
const link: fc.Arbitrary<Link> = fc.oneof(
  filters.map((count): Link => ['conv2d', { filters: count, bias: false }]),
  filters.map((count): Link => ['conv2d', { filters: count, kernel: 1 }]),
  fc.constantFrom<Link>(
    ['batchNorm'],
    ['batchNorm', { normalizeBy: 'stored' }],
    ['dropout', { rate: 0.25 }],
    ['silu'],
    ['gelu'],
    ['tanh'],
    ['avgPool', { kernel: 2, stride: 1 }],
  ),
);
const links = fc.array(link, { minLength: 1, maxLength: 5 });

const addon = addonOrSkip('random network tests');

describe.skipIf(addon === null)('random networks, in whatever layouts they come out', () => {
  const backend = createNativeBackend(addon as NativeAddon);

  const check = (one: ReturnType<typeof chainCase>): void => {
    const expected = observeOnce(referenceBackend, 'f64', one);
    expectSameStep(observeOnce(backend, 'f32', one), expected, compileCase(one).state, F32_TOLERANCES);
  };

  it('chains agree with the reference', () => {
    fc.assert(
      fc.property(links, fc.integer({ min: 2, max: 4 }), (chain, batch) => {
        check(chainCase('chain', [3, 7, 6], batch, ...chain));
      }),
      { numRuns: 40 },
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
