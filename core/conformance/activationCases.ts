import { ACTIVATIONS, type Activation } from '../program/instruction.ts';
import { bodyCase, chainCase, type ConformanceCase } from './conformanceCase.ts';
import { widen, type Link } from './networks.ts';

function linkOf(fn: Activation): Link {
  return fn === 'geluTanh' ? ['gelu', { form: 'tanh' }] : [fn];
}

/** One block for each function of `ACTIVATIONS`. */
export const ACTIVATION_LINKS: readonly Link[] = ACTIVATIONS.map(linkOf);

const ELEMENTWISE_CASES: readonly ConformanceCase[] = [
  ...ACTIVATIONS.map((fn) => chainCase(fn, [3, 5, 4], 2, ['conv2d', { filters: 5 }], linkOf(fn))),
  ...ACTIVATIONS.map((fn) =>
    chainCase(`${fn} of features`, [1, 4, 3], 5, ['flatten'], ['dense', { units: 17 }], linkOf(fn)),
  ),
  // Eight times the input reaches beyond both bends.
  ...(['relu6', 'hardSigmoid', 'hardSwish'] as const).map((fn) =>
    bodyCase(`${fn} beyond its bends`, [3, 5, 4], 3, (add, input) => {
      const wide = add(
        'add',
        Array.from({ length: 8 }, () => input),
        { inputs: 8 },
      );
      return add(fn, [wide]);
    }),
  ),
  chainCase('leakyRelu alpha 0.3', [3, 5, 4], 1, ['leakyRelu', { alpha: 0.3 }]),
  chainCase('elu alpha 0.5', [3, 5, 4], 1, ['elu', { alpha: 0.5 }]),
];

const PRELU_CASES: readonly ConformanceCase[] = [
  ...[5, 17, 32].map((channels) =>
    chainCase(`prelu of ${String(channels)} channels`, [3, 5, 4], 2, widen(channels), ['prelu']),
  ),
  chainCase('prelu with one slope', [3, 5, 4], 5, ['conv2d', { filters: 17 }], ['prelu', { shared: true }]),
  chainCase('prelu on the input itself', [3, 4, 5], 2, ['prelu']),
  chainCase('prelu of one channel', [1, 4, 5], 2, ['prelu']),
  chainCase('prelu of features', [1, 4, 3], 5, ['flatten'], ['dense', { units: 17 }], ['prelu']),
  chainCase('prelu of features, one slope', [1, 4, 3], 5, ['flatten'], ['prelu', { shared: true }]),
  chainCase('prelu behind BatchNorm', [3, 6, 5], 2, widen(32), ['batchNorm'], ['prelu']),
];

const SOFTMAX_CASES: readonly ConformanceCase[] = [
  ...[5, 17, 32].map((channels) =>
    chainCase(`softmax of ${String(channels)} channels`, [3, 5, 4], 2, widen(channels), ['softmax']),
  ),
  chainCase('softmax on the input itself', [3, 4, 5], 5, ['softmax']),
  chainCase('softmax of one channel', [1, 4, 5], 2, ['softmax']),
  chainCase('softmax of features', [1, 4, 3], 5, ['flatten'], ['dense', { units: 17 }], ['softmax']),
  bodyCase('softmax beside what it weighs', [3, 5, 4], 2, (add, input) => {
    const wide = add('conv2d', [input], { filters: 8 });
    return add('concat', [add('softmax', [wide]), wide]);
  }),
];

/** Activations after a convolution, after a Dense block, and on the input. */
export const ACTIVATION_CASES: readonly ConformanceCase[] = [
  ...ELEMENTWISE_CASES,
  ...PRELU_CASES,
  ...SOFTMAX_CASES,
];
