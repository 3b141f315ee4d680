import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameStep } from '#core/conformance/comparison.ts';
import { bodyCase, type ConformanceCase } from '#core/conformance/conformanceCase.ts';
import { compileCase, observeOnce } from '#core/conformance/experiment.ts';
import { widen, type Body } from '#core/conformance/networks.ts';
import { F32_TOLERANCES } from '#core/conformance/tolerances.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { NativeProgram } from './nativeProgram.ts';
import { requireAddon } from './testing/programs.ts';

const addon = requireAddon();

const wide = fc.constantFrom(9, 13, 16, 24, 32, 40, 48, 64);
const paddings = fc.constantFrom(
  { padding: 'same' },
  { padding: 'valid' },
  ...[0, 1, 2].map((padY) => ({ padding: 'explicit', padY, padX: 2 - padY })),
  ...[0, 1, 2].map((padY) => {
    const ends = { asymmetric: true, padBottom: 2 - padY, padRight: (padY + 2) % 3 };
    return { padding: 'explicit', padY, padX: (padY + 1) % 3, ...ends };
  }),
);

/* Two values per channel may be close together: with a small epsilon their rounding error would be 300 times larger. */
const GENTLE = { epsilon: 1e-2 };

/**
 * A 3x3 convolution after a 1x1, with whole or padded blocks of channels, on images of any size, with the blocks that
 * may surround it.
 */
const anyCase = fc
  .record({
    ...{
      ins: wide,
      filters: wide,
      bias: fc.boolean(),
      padding: paddings,
      batch: fc.integer({ min: 2, max: 5 }),
    },
    ...{ height: fc.integer({ min: 3, max: 11 }), width: fc.integer({ min: 3, max: 11 }) },
    ...{
      between: fc.constantFrom('nothing', 'tanh', 'batchNorm', 'batchNorm and relu', 'batchNorm and relu6'),
      threads: fc.constantFrom(1, 2, 3),
    },
  })
  .map(({ ins, filters, bias, padding, batch, height, width, between, threads }): ConformanceCase => {
    const name = JSON.stringify({ ins, filters, bias, padding, between, threads });
    const one = bodyCase(name, [3, height, width], batch, (add, input) => {
      const stem = add('conv2d', [input], widen(ins)[1]);
      const [kind = '', then] = between.split(' and ');
      const changed = between === 'nothing' ? stem : add(kind, [stem], kind === 'batchNorm' ? GENTLE : {});
      const before = then === undefined ? changed : add(then, [changed]);
      const conv = add('conv2d', [before], { filters, bias, ...padding });
      return add('tanh', [add('batchNorm', [conv], GENTLE)]);
    });
    return { ...one, threads };
  });

describe('3x3 convolutions by minimal filtering', () => {
  const backend = createNativeBackend(addon);

  it('are those of the reference, whatever the shape', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const actual = observeOnce(backend, 'f32', one);
        expectSameStep(
          actual,
          observeOnce(referenceBackend, 'f64', one),
          compileCase(one).state,
          F32_TOLERANCES,
        );
      }),
      { numRuns: Number(process.env['NORMLAB_NETWORK_RUNS'] ?? 60) },
    );
  });

  it('are those of the reference where threads share the outputs: few tiles, a large kernel', () => {
    for (const [batch, threads] of [
      [1, 1],
      [1, 2],
      [2, 3],
    ] as const) {
      const one = bodyCase('large kernel', [3, 7, 5], batch, (add, input) => {
        const stem = add('conv2d', [input], widen(144)[1]);
        return add('globalAvgPool', [add('conv2d', [stem], { filters: 145 })]);
      });
      const expected = observeOnce(referenceBackend, 'f64', one);
      const actual = observeOnce(backend, 'f32', { ...one, threads });
      expectSameStep(actual, expected, compileCase(one).state, F32_TOLERANCES);
    }
  });

  it('are as exact as a direct sum in f32', () => {
    const one = bodyCase('deep', [3, 12, 12], 4, (add, input) => {
      const stem = add('conv2d', [input], widen(64)[1]);
      const conv = add('conv2d', [stem], { filters: 64, bias: false });
      // 576 values for the dense layer: a sum over all 9216 in f32 would have a larger error than the convolutions.
      return add('avgPool', [conv], { kernel: 4, stride: 4 });
    });
    const actual = observeOnce(backend, 'f32', one);
    const expected = observeOnce(referenceBackend, 'f64', one);
    expect(largestError(actual.gradients, expected.gradients)).toBeLessThan(1e-6);
    expect(largestError(actual.logits, expected.logits)).toBeLessThan(1e-6);
    const gradient = actual.inputGradient ?? [];
    expect(largestError(gradient, expected.inputGradient ?? [])).toBeLessThan(1e-6);
  });

  it('run where the CPU has AVX2 or NEON, and the blocks of channels are not too empty', () => {
    const filtersOf = (filters: number): string[] =>
      stepsOf((add, input) => add('conv2d', [add('conv2d', [input], widen(16)[1])], { filters }));
    expect(filtersOf(4).filter(isMinimal)).toEqual([]);
    for (const filters of [16, 17]) {
      expect(filtersOf(filters).filter(isMinimal)).toHaveLength(hasKernels() ? 3 : 0);
    }
  });

  it('normalize as they read where nothing else wants the normalized pictures', () => {
    const normalized = (others: boolean): string[] =>
      stepsOf((add, input) => {
        const first = add('conv2d', [input], { filters: 16 });
        const norm = add('relu', [add('batchNorm', [first])]);
        const conv = add('conv2d', [norm], { filters: 16 });
        return others ? add('add', [conv, norm]) : conv;
      });
    const unstored = (label: string): boolean => label.startsWith('batchNormForward+unstored');
    expect(normalized(true).filter(unstored)).toHaveLength(0);
    // On NEON oneDNN's first convolution writes plain channels, and the minimal one reads a reordered copy.
    const readsDirectly = hasKernels() && process.arch !== 'arm64';
    expect(normalized(false).filter(unstored)).toHaveLength(readsDirectly ? 1 : 0);
  });

  const isMinimal = (label: string): boolean => label.includes('+winograd');
  const hasKernels = (): boolean => /avx2|avx512|neon|sve/.test(backend.description);

  /** The steps that a network is compiled to. */
  function stepsOf(body: Body): string[] {
    const program = compileCase(bodyCase('steps', [3, 6, 6], 2, body));
    const session = backend.open(program.state, { threads: 1, precision: 'f32' });
    const prepared = session.prepare(program, 2);
    const labels = prepared instanceof NativeProgram ? prepared.steps() : [];
    session.close();
    return labels;
  }
});

/** Largest difference, relative to the largest expected value. */
function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let apart = 0;
  let scale = 0;
  for (let i = 0; i < expected.length; i += 1) {
    apart = Math.max(apart, Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN)));
    scale = Math.max(scale, Math.abs(expected[i] ?? NaN));
  }
  return apart / scale;
}
