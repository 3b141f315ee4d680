import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectAllClose, largest } from '#core/conformance/expectAllClose.ts';
import type { ConformanceCase } from '#core/conformance/conformanceCase.ts';
import { compileCase, observeOnce, type Observation } from '#core/conformance/experiment.ts';
import { network, widen } from '#core/conformance/networks.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { requireAddon } from './testing/programs.ts';

/* Relative to the largest element: bf16 rounds to 0.4 %; a misplaced pixel is off by its own size. */
const SHARE = 0.025;
/*
 * Always the same networks: in some small ones the gradient of a bias is a difference of large terms, which has little
 * precision in 8 bits.
 */
const SEED = 20;
const RUNS = Number(process.env['NORMLAB_BLOCK_RUNS'] ?? 40);

const upTo = (max: number, min: number): fc.Arbitrary<number> => fc.integer({ min, max });

/* Strips, bands and several tiles of channels need larger images than those of the random blocks. */
const shape = fc.record({
  channels: fc.constantFrom(0, 5, 8, 12, 16, 17, 32, 48, 80),
  filters: fc.constantFrom(2, 7, 16, 24, 32, 64),
  height: upTo(37, 1),
  width: upTo(37, 1),
  kernelY: upTo(7, 1),
  kernelX: upTo(7, 1),
  stride: upTo(3, 1),
  dilation: upTo(3, 1),
  padding: fc.constantFrom('same', 'valid', 'explicit'),
  padY: upTo(4, 0),
  padX: upTo(4, 0),
  bias: fc.boolean(),
  batch: upTo(5, 1),
  threads: upTo(2, 1),
});
type Numbers = ArrayLike<number>;
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function paramsOf({ kernelY, kernelX, ...rest }: Shape): Record<string, number | boolean | string> {
  const { filters, stride, dilation, padding, padY, padX, bias } = rest;
  const window = { kernel: kernelY, kernelX, rectangular: kernelX !== kernelY };
  return { ...window, filters, stride, dilation, padding, padY, padX, bias };
}

/**
 * The convolution (after a 1×1 one that sets its input channels) between Input and Output: the logits are its pixels.
 */
function bareCase(one: Shape): ConformanceCase | null {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], {
    ...{ channels: 3, height: one.height, width: one.width },
  });
  const from =
    one.channels === 0 ? input : builder.add('wide', 'conv2d', [0, 1], [input], widen(one.channels)[1]);
  const conv = builder.add('conv', 'conv2d', [0, 2], [from], paramsOf(one));
  const flat = builder.add('flat', 'flatten', [0, 3], [conv]);
  builder.add('output', 'output', [0, 4], [flat]);
  const { graph } = checkGraph(builder.build().graph);
  return graph === null ? null : { name: 'conv', graph, batch: one.batch, threads: one.threads };
}

/** The same with a final Dense, whose gradient reaches every pixel. */
function gradientCase(one: Shape): ConformanceCase {
  const graph = network([3, one.height, one.width], (add, input) => {
    const from = one.channels === 0 ? input : add('conv2d', [input], widen(one.channels)[1]);
    return add('conv2d', [from], paramsOf(one));
  });
  return { name: 'conv', graph, batch: one.batch, threads: one.threads };
}

function expectClose(actual: Numbers, expected: Numbers, label: string, scale = largest(expected)): void {
  expectAllClose(actual, expected, { relative: 0, absolute: SHARE * scale }, label);
}

const backend = createNativeBackend(requireAddon());

describe.skipIf(!backend.precisions.includes('bf16'))('convolutions in bf16, pixel by pixel', () => {
  const possible = shape.filter((one) => bareCase(one) !== null);

  it('forward', () => {
    fc.assert(
      fc.property(possible, (one) => {
        const run = bareCase(one) as ConformanceCase;
        const evaluate = { mode: 'evaluate' } as const;
        const expected = observeOnce(referenceBackend, 'f64', run, evaluate);
        expectClose(observeOnce(backend, 'bf16', run, evaluate).logits, expected.logits, 'pixels');
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('gradients', () => {
    fc.assert(
      fc.property(possible, (one) => {
        const run = gradientCase(one);
        const expected = observeOnce(referenceBackend, 'f64', run);
        const actual = observeOnce(backend, 'bf16', run);
        const slots = compileCase(run).state.parameters.filter(({ name }) => name.startsWith('conv2d'));
        const part = (of: Observation, { offset, size }: (typeof slots)[number]): number[] =>
          Array.from(of.gradients.slice(offset, offset + size));
        // The gradient of a bias may cancel to noise: the tolerance is relative to the largest gradient of both
        // convolutions.
        const scale = Math.max(...slots.map((slot) => largest(part(expected, slot))));
        for (const slot of slots)
          expectClose(part(actual, slot), part(expected, slot), `gradient of ${slot.name}`, scale);
        expectClose(actual.inputGradient ?? [], expected.inputGradient ?? [], 'gradient at the input');
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
