import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameStep } from '#core/conformance/comparison.ts';
import { bodyCase, type ConformanceCase } from '#core/conformance/conformanceCase.ts';
import { compileCase, observeOnce } from '#core/conformance/experiment.ts';
import { widen } from '#core/conformance/networks.ts';
import { F32_TOLERANCES } from '#core/conformance/tolerances.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { NativeProgram } from './nativeProgram.ts';
import { requireAddon } from './testing/programs.ts';

const addon = requireAddon();
const backend = createNativeBackend(addon);

/* Two values per channel may be close together: with a small epsilon their rounding error would be 300 times larger. */
const GENTLE = { epsilon: 1e-2 };

const pad = fc.integer({ min: 0, max: 4 });
const side = fc.integer({ min: 1, max: 14 });
const channels = fc.constantFrom(16, 32, 48);

/**
 * A kernel of any size, stride, dilation and padding. The first output reads a pixel of the image: where all outputs
 * are padding, a BatchNorm of equal values has rounding errors and nothing else.
 */
const window = fc
  .record({
    ...{ kernel: fc.integer({ min: 1, max: 5 }), kernelX: fc.integer({ min: 1, max: 5 }) },
    ...{ stride: fc.integer({ min: 2, max: 3 }), dilation: fc.integer({ min: 1, max: 3 }) },
    ...{ padY: pad, padX: pad, padBottom: pad, padRight: pad, height: side, width: side, bias: fc.boolean() },
  })
  .filter(({ kernel, kernelX, dilation, padY, padX, padBottom, padRight, height, width }) => {
    const [reachY, reachX] = [(kernel - 1) * dilation, (kernelX - 1) * dilation];
    const isWhole = height + padY + padBottom > reachY && width + padX + padRight > reachX;
    return isWhole && padY <= reachY && padX <= reachX && Math.min(height, width) >= dilation;
  });

const around = fc.constantFrom<readonly string[]>([], ['tanh'], ['batchNorm'], ['batchNorm', 'relu']);

/** A convolution with a stride, behind a 1x1 (channels last), a 3x3 (blocks of channels), or blocks after either. */
const anyCase = fc
  .record({
    ...{ window, ins: channels, outs: channels, before: around, after: around, stem: fc.constantFrom(1, 3) },
    ...{ batch: fc.integer({ min: 2, max: 5 }), threads: fc.constantFrom(1, 2, 3) },
  })
  .map(
    ({
      window: { height, width, ...params },
      ins,
      outs,
      before,
      after,
      stem,
      batch,
      threads,
    }): ConformanceCase => {
      const name = JSON.stringify({
        height,
        width,
        ...params,
        ins,
        outs,
        before,
        after,
        stem,
        batch,
        threads,
      });
      const one = bodyCase(name, [3, height, width], batch, (add, input) => {
        const passed = (from: NodeId, kinds: readonly string[]): NodeId =>
          kinds.reduce<NodeId>((last, kind) => add(kind, [last], kind === 'batchNorm' ? GENTLE : {}), from);
        const source = add('conv2d', [input], { filters: ins, kernel: stem });
        const shape = { filters: outs, rectangular: true, padding: 'explicit', asymmetric: true };
        return passed(add('conv2d', [passed(source, before)], { ...params, ...shape }), after);
      });
      return { ...one, threads };
    },
  );

/** ResNet's 3x3 of stride 2 behind images of this size. */
function strided(side: number, batch: number): ConformanceCase {
  return bodyCase('strided', [3, side, side], batch, (add, input) => {
    const stem = add('conv2d', [input], widen(16)[1]);
    const conv = add('conv2d', [stem], { filters: 32, stride: 2 });
    return add('globalAvgPool', [conv]);
  });
}

describe('convolutions with a stride', () => {
  it('are those of the reference, whatever the shape', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const expected = observeOnce(referenceBackend, 'f64', one);
        expectSameStep(observeOnce(backend, 'f32', one), expected, compileCase(one).state, F32_TOLERANCES);
      }),
      { numRuns: Number(process.env['NORMLAB_NETWORK_RUNS'] ?? 120) },
    );
  });

  it.runIf(hasKernels())('have the same weight gradients on any number of threads', () => {
    const gradients = [1, 2, 3, 4].map(
      (threads) => observeOnce(backend, 'f32', { ...strided(12, 3), threads }).gradients,
    );
    for (const other of gradients.slice(1)) expect(other).toEqual(gradients[0]);
  });

  it('run in our own loops where the processor has AVX2 but not AVX-512', () => {
    const program = compileCase(strided(8, 2));
    const session = backend.open(program.state, { threads: 1, precision: 'f32' });
    const prepared = session.prepare(program, 2);
    const labels = prepared instanceof NativeProgram ? prepared.steps() : [];
    session.close();
    expect(labels.filter((label) => label.includes('+taps'))).toHaveLength(hasKernels() ? 3 : 0);
  });
});

function hasKernels(): boolean {
  return /avx2|neon/.test(backend.description) && !backend.description.includes('avx512');
}
