import { describe, expect, it } from 'vitest';
import type { H5Group } from './h5Group.ts';
import { called, functional, layer, sequential, tensorOf } from './testing/configs.ts';
import { memoryGroup, memoryTensor, newLayout, oldLayout, type GroupSpec } from './testing/memoryFile.ts';
import { read, reason } from './testing/readModel.ts';

const TWO = sequential(
  [4, 4, 3],
  [
    layer('Conv2D', { name: 'first', filters: 2, kernel_size: 1 }),
    layer('Conv2D', { name: 'second', filters: 2, kernel_size: 1, use_bias: false }),
    layer('GlobalAveragePooling2D'),
  ],
);
/** Slot -> tensors of the file. */
const origins = (config: unknown, weights: H5Group): Record<string, readonly string[]> =>
  Object.fromEntries([...read(config, weights).values].map(([slot, { from }]) => [slot, from]));

describe('tensors of the layout of Keras 3', () => {
  it('go to layers counted by class', () => {
    const weights = newLayout({ conv2d: [[1, 1, 3, 2], [2]], conv2d_1: [[1, 1, 2, 2]] });
    expect(origins(TWO, weights)).toEqual({
      'first.weights': ['layers/conv2d/vars/0'],
      'first.bias': ['layers/conv2d/vars/1'],
      'second.weights': ['layers/conv2d_1/vars/0'],
    });
  });

  it('go by the name of the layer where the file has it', () => {
    const vars = (name: string, tensors: GroupSpec['tensors']): GroupSpec => ({
      groups: { vars: { texts: { name }, ...(tensors ? { tensors } : {}) } },
    });
    const weights = memoryGroup({
      groups: {
        layers: {
          groups: {
            conv2d: vars('second', { 0: [1, 1, 2, 2] }),
            conv2d_1: vars('first', { 0: [1, 1, 3, 2], 1: [2] }),
          },
        },
      },
    });
    expect(origins(TWO, weights)['first.weights']).toEqual(['layers/conv2d_1/vars/0']);
  });

  it('that nothing uses are listed, but not those of optimizers and random numbers', () => {
    const seeds: GroupSpec = { groups: { seed_generator: { groups: { vars: { tensors: { 0: [2] } } } } } };
    const weights = memoryGroup({
      groups: {
        layers: { groups: { dropout: seeds, dense: { groups: { vars: { tensors: { 0: [5, 5] } } } } } },
        optimizer: { groups: { vars: { tensors: { 0: [], 1: [1, 1, 3, 2] } } } },
      },
    });
    const network = read(TWO, weights);
    expect(network.unexpected).toEqual(['layers/dense/vars/0']);
    expect(network.values.size).toBe(0);
    expect(network.notes.at(-1)).toMatchObject({ key: 'kerasFiles.optimizer', values: { count: 2 } });
  });

  it('of another shape are refused', () => {
    const weights = newLayout({ conv2d: [[3, 3, 3, 2], [2]] });
    expect(reason(() => read(TWO, weights))).toBe(
      'model-invalid: m.keras is broken: the tensor layers/conv2d/vars/0 has the shape 3 × 3 × 3 × 2, not 1 × 1 × 3 × 2. Take another copy of it.',
    );
    expect(reason(() => read(TWO, newLayout({ conv2d: [[1, 1, 3, 2]] })))).toContain('1 tensors');
  });
});

describe('tensors of old files', () => {
  it('go by the names of layers', () => {
    const weights = oldLayout({
      first: { 'kernel:0': [1, 1, 3, 2], 'bias:0': [2] },
      second: { 'kernel:0': [1, 1, 2, 2] },
    });
    const inFile = memoryGroup({});
    const whole: H5Group = { ...inFile, groups: new Map([['model_weights', weights]]) };
    expect(origins(TWO, whole)).toEqual({
      'first.weights': ['first/first/kernel:0'],
      'first.bias': ['first/first/bias:0'],
      'second.weights': ['second/second/kernel:0'],
    });
  });

  it('of a nested model stand together in its group', () => {
    const inner = sequential(
      [4, 4, 3],
      [
        layer('Conv2D', { name: 'c1', filters: 3, kernel_size: 1, use_bias: false }),
        layer('Conv2D', { name: 'c2', filters: 3, kernel_size: 1, use_bias: false }),
      ],
    );
    const base = { ...inner, name: 'base', inbound_nodes: [{ args: [tensorOf('input')], kwargs: {} }] };
    const model = functional(
      [4, 4, 3],
      [base, called('gap', 'GlobalAveragePooling2D', {}, [tensorOf('base')])],
      'gap',
    );
    const kernel: GroupSpec = { tensors: { 'kernel:0': [1, 1, 3, 3] } };
    const weights = memoryGroup({
      groups: {
        model_weights: {
          texts: { layer_names: ['input', 'base', 'gap'] },
          groups: {
            base: {
              texts: { weight_names0: ['c1/kernel:0'], weight_names1: ['c2/kernel:0'] },
              groups: { c1: kernel, c2: kernel },
            },
          },
        },
      },
    });
    expect(origins(model, weights)).toEqual({
      'c1.weights': ['model_weights/base/c1/kernel:0'],
      'c2.weights': ['model_weights/base/c2/kernel:0'],
    });
  });
});

it('reads a tensor only when its value is read', () => {
  let reads = 0;
  const kernel = memoryTensor('k', [1, 1, 3, 2]);
  const counting = { ...kernel, read: () => ((reads += 1), kernel.read()) };
  const vars: H5Group = {
    ...memoryGroup({}),
    tensors: new Map([
      ['0', counting],
      ['1', memoryTensor('b', [2])],
    ]),
  };
  const at = (name: string, group: H5Group): H5Group => ({
    ...memoryGroup({}),
    groups: new Map([[name, group]]),
  });
  const network = read(TWO, at('layers', at('conv2d', at('vars', vars))));
  expect(reads).toBe(0);
  expect(network.values.get('first.weights')?.read()).not.toBe(network.values.get('first.weights')?.read());
  expect(reads).toBe(2);
});
