import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameStep } from '#core/conformance/comparison.ts';
import { bodyCase, type ConformanceCase } from '#core/conformance/conformanceCase.ts';
import { compileCase, observeOnce } from '#core/conformance/experiment.ts';
import { F32_TOLERANCES } from '#core/conformance/tolerances.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { NativeProgram } from './nativeProgram.ts';
import { requireAddon } from './testing/programs.ts';

const addon = requireAddon();
const backend = createNativeBackend(addon);
const numRuns = Number(process.env['NORMLAB_NETWORK_RUNS'] ?? 60);

/* Two values per channel may be close together: with a small epsilon their rounding error would be 300 times larger. */
const GENTLE = { epsilon: 1e-2 };

function expectReference(one: ConformanceCase): void {
  const expected = observeOnce(referenceBackend, 'f64', one);
  expectSameStep(observeOnce(backend, 'f32', one), expected, compileCase(one).state, F32_TOLERANCES);
}

/** A convolution of few channels, of the images or behind a 1x1, on images of any size. */
const anyFirstLayer = fc
  .record({
    ...{ channels: fc.integer({ min: 1, max: 4 }), filters: fc.constantFrom(16, 32, 48) },
    ...{ kernel: fc.integer({ min: 1, max: 7 }), kernelX: fc.integer({ min: 1, max: 7 }) },
    ...{ rectangular: fc.boolean(), stride: fc.integer({ min: 1, max: 3 }) },
    ...{ height: fc.integer({ min: 7, max: 16 }), width: fc.integer({ min: 7, max: 16 }) },
    ...{
      padding: fc.constantFrom('same', 'valid'),
      bias: fc.boolean(),
      batch: fc.integer({ min: 1, max: 5 }),
    },
    threads: fc.constantFrom(1, 2, 3),
  })
  .map(({ channels, height, width, batch, threads, ...conv }): ConformanceCase => {
    const name = JSON.stringify({ channels, height, width, batch, threads, ...conv });
    const isImage = channels === 1 || channels === 3;
    const one = bodyCase(name, [isImage ? channels : 3, height, width], batch, (add, input) => {
      const few = isImage ? input : add('conv2d', [input], { filters: channels, kernel: 1 });
      return add('tanh', [add('conv2d', [few], conv)]);
    });
    return { ...one, threads };
  });

/** A max pooling behind a convolution and an activation, with windows that overlap, leave gaps or reach outside. */
const anyMaxPool = fc
  .record({
    ...{ filters: fc.constantFrom(8, 16, 20, 24, 32), kind: fc.constantFrom('tanh', 'relu') },
    ...{ kernel: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 1, max: 3 }) },
    ...{ height: fc.integer({ min: 5, max: 12 }), width: fc.integer({ min: 5, max: 12 }) },
    ...{ padding: fc.constantFrom('same', 'valid'), batch: fc.integer({ min: 2, max: 4 }) },
    threads: fc.constantFrom(1, 2, 3),
  })
  .map(({ filters, kind, height, width, batch, threads, ...pool }): ConformanceCase => {
    const name = JSON.stringify({ filters, kind, height, width, batch, threads, ...pool });
    const one = bodyCase(name, [3, height, width], batch, (add, input) => {
      const conv = add('conv2d', [input], { filters });
      return add('batchNorm', [add('maxPool', [add(kind, [conv])], pool)], GENTLE);
    });
    return { ...one, threads };
  });

/** Dense layers of any size, some narrower than a register, behind each other. */
const anyDense = fc
  .record({
    ...{
      ins: fc.integer({ min: 1, max: 12 }),
      widths: fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 3 }),
    },
    ...{ bias: fc.boolean(), batch: fc.integer({ min: 1, max: 13 }), threads: fc.constantFrom(1, 2, 3) },
  })
  .map(({ ins, widths, bias, batch, threads }): ConformanceCase => {
    const name = JSON.stringify({ ins, widths, bias, batch, threads });
    const one = bodyCase(name, [1, ins, ins], batch, (add, input) =>
      widths.reduce<NodeId>(
        (last, units) => add('tanh', [add('dense', [last], { units, bias })]),
        add('flatten', [input]),
      ),
    );
    return { ...one, threads };
  });

describe('loops for images of few channels and for windows', () => {
  it('convolutions of few channels are those of the reference', () => {
    fc.assert(fc.property(anyFirstLayer, expectReference), { numRuns });
  });

  it('max pooling is that of the reference', () => {
    fc.assert(fc.property(anyMaxPool, expectReference), { numRuns });
  });

  it('dense layers are those of the reference', () => {
    fc.assert(fc.property(anyDense, expectReference), { numRuns });
  });

  it('our own loops compute the weight gradients of a first layer', () => {
    const one = bodyCase('first', [3, 16, 16], 4, (add, input) =>
      add('tanh', [add('conv2d', [input], { filters: 32, kernel: 7, stride: 2 })]),
    );
    const program = compileCase(one);
    const session = backend.open(program.state, { threads: 2, precision: 'f32' });
    const prepared = session.prepare(program, 4);
    const steps = prepared instanceof NativeProgram ? prepared.steps() : [];
    expect(steps.filter((step) => step.startsWith('convBackwardWeights'))).toEqual([
      expect.stringContaining('convBackwardWeights+direct'),
    ]);
    session.close();
  });
});
