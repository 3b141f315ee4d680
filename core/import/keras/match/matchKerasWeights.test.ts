import { describe, expect, it } from 'vitest';
import type { ForeignWeights } from '../../foreignModel.ts';
import { kerasWeightFile } from '../kerasWeightFile.ts';
import { layer, sequential } from '../testing/configs.ts';
import { newLayout, oldLayout } from '../testing/memoryFile.ts';
import { read } from '../testing/readModel.ts';
import { matchKerasWeights, type KerasMatch } from './matchKerasWeights.ts';

const MODEL = sequential(
  [3, 3, 2 + 1],
  [
    layer('Conv2D', { name: 'a', filters: 2, kernel_size: 1 }),
    layer('BatchNormalization', { name: 'n' }),
    layer('DepthwiseConv2D', { name: 'd', kernel_size: 2, depth_multiplier: 2 }),
    layer('Conv2D', { name: 'b', filters: 2, kernel_size: 1 }),
    layer('PReLU', { name: 'p', shared_axes: [1, 2] }),
    layer('Flatten'),
    layer('BatchNormalization', { name: 'v', scale: false }),
    layer('Dense', { name: 'fc', units: 2 }),
  ],
);
const NEW = newLayout({
  conv2d: [[1, 1, 3, 2], [2]],
  batch_normalization: [[2], [2], [2], [2]],
  depthwise_conv2d: [[2, 2, 2, 2], [4]],
  conv2d_1: [[1, 1, 4, 2], [2]],
  p_re_lu: [[1, 1, 2]],
  batch_normalization_1: [[8], [8], [8]],
  dense: [[8, 2], [2]],
});
const OLD = {
  x: { 'kernel:0': [1, 1, 3, 2], 'bias:0': [2] },
  y: { 'gamma:0': [2], 'beta:0': [2], 'moving_mean:0': [2], 'moving_variance:0': [2] },
  z: { 'depthwise_kernel:0': [2, 2, 2, 2], 'bias:0': [4] },
  u: { 'kernel:0': [1, 1, 4, 2], 'bias:0': [2] },
  p: { 'alpha:0': [1, 1, 2] },
  w: { 'beta:0': [8], 'moving_mean:0': [8], 'moving_variance:0': [8] },
  q: { 'kernel:0': [8, 2], 'bias:0': [2] },
};

const network = read(MODEL, NEW);
const match = (weights: ForeignWeights): KerasMatch => matchKerasWeights(weights, network.document);
const elements = (values: KerasMatch['values']): Record<string, readonly number[]> =>
  Object.fromEntries([...values].map(([slot, value]) => [slot, [...value.read()]]));

describe('weights without an architecture', () => {
  it('are named by their paths, with the layers’ names beside them', () => {
    const named = kerasWeightFile(oldLayout({ q: OLD.q }));
    expect(named.tensors.map(({ name }) => name)).toEqual(['q/q/kernel:0', 'q/q/bias:0']);
    expect(named.metadata).toEqual({ 'q/q': 'q' });
  });

  it.each([
    ['Keras 3', kerasWeightFile(NEW)],
    ['old files', kerasWeightFile(oldLayout(OLD))],
  ])('of %s have the same values as with the architecture', (_, weights) => {
    const { values, missing, unexpected } = match(weights);
    expect(elements(values)).toEqual(elements(network.values));
    expect(missing).toEqual([]);
    expect(unexpected).toEqual([]);
  });

  it('go by name before they go by order', () => {
    const weights = kerasWeightFile(
      oldLayout({
        b: { 'kernel:0': [1, 1, 4, 2], 'bias:0': [2] },
        a: { 'kernel:0': [1, 1, 3, 2], 'bias:0': [2] },
      }),
    );
    const { values, unexpected } = match(weights);
    expect(values.get('b.weights')?.from).toEqual(['b/b/kernel:0']);
    expect(values.get('a.weights')?.from).toEqual(['a/a/kernel:0']);
    expect(unexpected).toEqual([]);
  });

  it('stop at the first of a class whose shape differs', () => {
    const weights = kerasWeightFile(
      newLayout({ conv2d: [[3, 3, 3, 2], [2]], conv2d_1: [[1, 1, 4, 2], [2]], dense: [[8, 2], [2]] }),
    );
    const { values, unexpected } = match(weights);
    expect([...values.keys()]).toEqual(['fc.weights', 'fc.bias']);
    expect(unexpected).toHaveLength(4);
  });

  it('are sorted by their count, not by their spelling', () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      layer('Dense', { name: `f${index}`, units: index + 2 }),
    );
    const wide = read(sequential([2, 2, 1], [layer('Flatten'), ...many]));
    const names = many.map((_, index) => [index === 0 ? 'dense' : `dense_${index}`, index] as const);
    const dims = ([name, index]: readonly [string, number]): [string, number[][]] => [
      name,
      [[index === 0 ? 4 : index + 1, index + 2], [index + 2]],
    ];
    const sorted = names.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(dims);
    const found = matchKerasWeights(kerasWeightFile(newLayout(Object.fromEntries(sorted))), wide.document);
    expect(found.missing).toEqual([]);
  });

  it('of separable convolutions fill two blocks', () => {
    const separable = read(
      sequential(
        [4, 4, 3],
        [
          layer('SeparableConv2D', { name: 's', filters: 5, kernel_size: 3 }),
          layer('GlobalAveragePooling2D'),
        ],
      ),
    );
    const weights = kerasWeightFile(newLayout({ separable_conv2d: [[3, 3, 3, 1], [1, 1, 3, 5], [5]] }));
    const { values, missing } = matchKerasWeights(weights, separable.document);
    expect(missing).toEqual([]);
    expect(values.get('s_depthwise.weights')?.dims).toEqual([3, 1, 3, 3]);
  });

  it('fit nothing in a project with errors', () => {
    const broken = { ...network.document, graph: { ...network.document.graph, wires: {} } };
    const { values, unexpected } = matchKerasWeights(kerasWeightFile(NEW), broken);
    expect(values.size).toBe(0);
    expect(unexpected).toHaveLength(16);
  });
});
