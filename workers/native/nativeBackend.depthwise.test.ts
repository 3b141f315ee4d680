import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameStep } from '#core/conformance/comparison.ts';
import { bodyCase } from '#core/conformance/conformanceCase.ts';
import { compileCase, observeOnce } from '#core/conformance/experiment.ts';
import { widen, type Body } from '#core/conformance/networks.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { F32_TOLERANCES } from '#core/conformance/tolerances.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { NativeProgram } from './nativeProgram.ts';
import { requireAddon } from './testing/programs.ts';

const addon = requireAddon();

/* Two values per channel may be close together: with a small epsilon their rounding error would be 300 times larger. */
const GENTLE = { epsilon: 1e-2 };

const pad = fc.integer({ min: 0, max: 4 });
const side = fc.integer({ min: 1, max: 13 });

/** A depthwise convolution: every padding below its kernel, on images of any size that give at least one output. */
const window = fc
  .record({
    ...{ kernel: fc.constantFrom(3, 5), stride: fc.constantFrom(1, 2), height: side, width: side },
    ...{ padY: pad, padX: pad, padBottom: pad, padRight: pad, bias: fc.boolean() },
  })
  .filter(
    (one) =>
      Math.max(one.padY, one.padX, one.padBottom, one.padRight) < one.kernel &&
      one.height + one.padY + one.padBottom >= one.kernel &&
      one.width + one.padX + one.padRight >= one.kernel,
  );

const around = fc.constantFrom<readonly string[]>([], ['tanh'], ['batchNorm'], ['batchNorm', 'relu']);

/**
 * A depthwise convolution between two 1x1, with whole groups of sixteen channels and without, with the blocks that may
 * surround it.
 */
const anyCase = fc
  .record({
    ...{ window, channels: fc.constantFrom(8, 15, 16, 17, 20, 24, 31, 32, 40, 48) },
    ...{ batch: fc.integer({ min: 2, max: 5 }), threads: fc.constantFrom(1, 2, 3) },
    ...{ before: around, after: around, ends: fc.boolean() },
  })
  .map(({ window: { height, width, ...params }, channels, batch, threads, before, after, ends }) => {
    const name = JSON.stringify({ height, width, ...params, channels, batch, threads, before, after, ends });
    const one = bodyCase(name, [3, height, width], batch, (add, input) => {
      const passed = (from: NodeId, kinds: readonly string[]): NodeId =>
        kinds.reduce<NodeId>((last, kind) => add(kind, [last], kind === 'batchNorm' ? GENTLE : {}), from);
      const source = passed(add('conv2d', [input], widen(channels)[1]), before);
      const shape = { filters: channels, groups: channels, padding: 'explicit', asymmetric: true };
      const depthwise = passed(add('conv2d', [source], { ...params, ...shape }), after);
      return ends ? depthwise : add('conv2d', [depthwise], widen(16)[1]);
    });
    return { ...one, threads };
  });

describe('depthwise convolutions', () => {
  const backend = createNativeBackend(addon);

  it('are those of the reference, whatever the shape', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const actual = observeOnce(backend, 'f32', one);
        const expected = observeOnce(referenceBackend, 'f64', one);
        expectSameStep(actual, expected, compileCase(one).state, F32_TOLERANCES);
      }),
      { numRuns: Number(process.env['NORMLAB_NETWORK_RUNS'] ?? 100) },
    );
  });

  it.runIf(hasKernels())('sum many pixels as exactly as few', () => {
    const one = bodyCase('large', [3, 96, 80], 2, (add, input) => {
      const stem = add('conv2d', [input], widen(16)[1]);
      return add('globalAvgPool', [add('conv2d', [stem], { filters: 16, groups: 16, stride: 2 })]);
    });
    const actual = observeOnce(backend, 'f32', one);
    const expected = observeOnce(referenceBackend, 'f64', one);
    expect(largestError(actual.gradients, expected.gradients)).toBeLessThan(2e-6);
    expect(largestError(actual.logits, expected.logits)).toBeLessThan(1e-6);
  });

  it('run in the layout around them where the CPU has AVX2, with at least sixteen channels', () => {
    const stepsAround = (channels: number): string[] =>
      stepsOf((add, input) => {
        const stem = add('conv2d', [input], widen(channels)[1]);
        const depthwise = add('conv2d', [stem], { filters: channels, groups: channels });
        return add('conv2d', [depthwise], widen(channels)[1]);
      });
    expect(stepsAround(8).filter(isDepthwise)).toEqual([]);
    expect(stepsAround(24).filter(isDepthwise)).toHaveLength(hasKernels() ? 3 : 0);
  });

  function isDepthwise(label: string): boolean {
    return label.includes('+depthwise');
  }

  function hasKernels(): boolean {
    return /avx2|avx512/.test(backend.description);
  }

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
