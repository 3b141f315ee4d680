import { describe, expect, it } from 'vitest';
import { bodyCase, type ConformanceCase } from '#core/conformance/conformanceCase.ts';
import { compileCase, observeOnce, type Observation } from '#core/conformance/experiment.ts';
import { expectAllClose, largest } from '#core/conformance/expectAllClose.ts';
import { widen, type Body } from '#core/conformance/networks.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { NativeProgram } from './nativeProgram.ts';
import { requireAddon } from './testing/programs.ts';

const backend = createNativeBackend(requireAddon());

/** The convolutions of our own loops need tiles and bf16. */
const hasTiles = stepsOf(chainOf(16, 16, {})).some((label) => label.includes('+amx'));
if (!hasTiles) console.warn('tests of what AMX convolutions never store skipped: no AMX here');

/* Images of several channel counts, strides and paddings, so large that a thread processes a few samples at a time. */
const BODIES: Readonly<Record<string, Body>> = {
  'a chain of 16 channels': chainOf(16, 16, {}),
  'a chain of more channels': chainOf(32, 48, {}),
  'a chain whose channels do not divide': chainOf(12, 20, {}),
  'a stride': chainOf(16, 32, { stride: 2 }),
  'no padding and a bias': chainOf(32, 16, { padding: 'valid', bias: true }),
  'a 1x1 kernel': chainOf(16, 32, { kernel: 1 }),
  'two readers': (add, input) => {
    const norm = normalized(add, add('conv2d', [input], widen(16)[1]));
    const one = add('conv2d', [norm], { filters: 16, kernel: 3, bias: false });
    return tail(add, add('add', [one, add('conv2d', [norm], { filters: 16, kernel: 1, bias: false })]));
  },
  'a residual sum': (add, input) => {
    const stem = normalized(add, add('conv2d', [input], widen(16)[1]));
    const first = normalized(add, add('conv2d', [stem], { filters: 16, kernel: 3, bias: false }));
    const second = add('batchNorm', [add('conv2d', [first], { filters: 16, kernel: 3, bias: false })]);
    const sum = add('relu', [add('add', [second, stem])]);
    return tail(add, add('conv2d', [sum], { filters: 16, kernel: 3, bias: false }));
  },
  'a pooled normalization': (add, input) => {
    const norm = normalized(
      add,
      add('conv2d', [normalized(add, add('conv2d', [input], widen(16)[1]))], { filters: 32 }),
    );
    return tail(add, add('conv2d', [add('maxPool', [norm], { kernel: 2 })], { filters: 16 }));
  },
};

describe.skipIf(!hasTiles)('AMX convolutions', () => {
  it.each(Object.keys(BODIES))(
    'give the same bits whether images are stored or made as they are read: %s',
    (name) => {
      // Fewer samples than threads: then everything is stored, and each sum has its own loop.
      const one = bodyCase(name, [3, 44, 44], 5, BODIES[name] as Body);
      const stored = observe({ ...one, threads: 6 });
      for (const threads of [1, 2, 5]) expectSameBits(observe({ ...one, threads }), stored, one);
    },
  );

  it.each([
    [5, 2],
    [16, 1],
  ])('do so for images of one pixel: %s channels, %s wide', (filters, width) => {
    const one = bodyCase('pixel', [3, 2, width], 5, chainOf(filters, 7, { stride: 2 }));
    const stored = observe({ ...one, threads: 6 });
    for (const threads of [1, 2, 5]) expectSameBits(observe({ ...one, threads }), stored, one);
  });

  it('make normalized images and the gradient of a normalization where they alone read them', () => {
    const steps = stepsOf(chainOf(16, 16, {}));
    expect(steps.filter((label) => label.startsWith('batchNormForward+unstored'))).toHaveLength(2);
    expect(steps.filter((label) => label.startsWith('batchNormBackward+unstored'))).toHaveLength(3);
    expect(steps.filter((label) => label.startsWith('convBackward+amx'))).toHaveLength(3);
    const fewSamples = stepsOf(chainOf(16, 16, {}), 3);
    expect(fewSamples.some((label) => /[+](unstored|later)|convBackward[+]amx/.test(label))).toBe(false);
  });

  it('store for the others what they are the first to read', () => {
    const steps = stepsOf((add, input) => {
      const norm = normalized(add, add('conv2d', [input], widen(16)[1]));
      return tail(add, add('add', [add('conv2d', [norm], { filters: 16 }), norm]));
    });
    expect(steps.some((label) => label.startsWith('batchNormForward+unstored'))).toBe(false);
    expect(steps.filter((label) => label.startsWith('batchNormForward+later'))).toHaveLength(1);
  });

  it('leave alone what another block reads first', () => {
    const steps = stepsOf((add, input) => {
      const norm = normalized(add, add('conv2d', [input], widen(16)[1]));
      const other = add('avgPool', [norm], { kernel: 3, stride: 1, padding: 'same' });
      const conv = add('conv2d', [norm], { filters: 16 });
      return tail(add, add('add', [conv, other]));
    });
    expect(steps.some((label) => /^batchNormForward\+(unstored|later)/.test(label))).toBe(false);
  });
});

function normalized(add: Parameters<Body>[0], source: Parameters<Body>[1]): Parameters<Body>[1] {
  return add('relu', [add('batchNorm', [source])]);
}

function tail(add: Parameters<Body>[0], source: Parameters<Body>[1]): Parameters<Body>[1] {
  return add('globalAvgPool', [normalized(add, source)]);
}

function chainOf(first: number, second: number, params: Record<string, number | boolean | string>): Body {
  return (add, input) => {
    const one = normalized(add, add('conv2d', [input], widen(first)[1]));
    const two = add('conv2d', [one], { kernel: 3, bias: false, ...params, filters: second });
    return tail(add, add('conv2d', [normalized(add, two)], { filters: first, kernel: 3, bias: false }));
  };
}

function observe(one: ConformanceCase): Observation {
  return observeOnce(backend, 'bf16', one);
}

/** Everything must be bit-identical except weight gradients, to which threads add their parts. */
function expectSameBits(actual: Observation, expected: Observation, one: ConformanceCase): void {
  expect(actual.logits).toEqual(expected.logits);
  expect(actual.batchStatistics).toEqual(expected.batchStatistics);
  expect(actual.inputGradient).toEqual(expected.inputGradient);
  expect(actual.loss).not.toBeNaN();
  for (const { name, offset, size } of compileCase(one).state.parameters) {
    const part = ({ gradients }: Observation): number[] => Array.from(gradients.slice(offset, offset + size));
    if (name.startsWith('batchNorm')) expect(part(actual), name).toEqual(part(expected));
    const absolute = 1e-5 * largest(expected.gradients);
    expectAllClose(part(actual), part(expected), { relative: 0, absolute }, name);
  }
}

/** The steps that a network is compiled to. */
function stepsOf(body: Body, threads = 1): string[] {
  const program = compileCase(bodyCase('steps', [3, 8, 8], 2, body));
  const session = backend?.precisions.includes('bf16')
    ? backend.open(program.state, { threads, precision: 'bf16' })
    : null;
  const prepared = session?.prepare(program, 2);
  const labels = prepared instanceof NativeProgram ? prepared.steps() : [];
  session?.close();
  return labels;
}
