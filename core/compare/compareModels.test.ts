import { describe, expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { tinyDocument } from '../training/testing/tinyRun.ts';
import { inEnglish } from '../words/catalogues.ts';
import type { Comparable } from './comparable.ts';
import { compareModels } from './compareModels.ts';
import { networkOf, renamed, vector, withParams, withValues } from './testing/networks.ts';
import { isEqual, largestDifference, verdictOf } from './verdict.ts';

const document = tinyDocument();
const tiny = networkOf(document);

async function verdict(a: Comparable, b: Comparable): Promise<string> {
  return inEnglish(verdictOf(await compareModels(a, b)));
}

async function norm(a: Comparable, b: Comparable) {
  return must((await compareModels(a, b)).batchNorm[0], 'BatchNorm');
}

describe('two networks with the same blocks', () => {
  it('are equal to the bit when their values are', async () => {
    const comparison = await compareModels(tiny, networkOf(document));
    expect(comparison).toMatchObject({ alignment: 'id', otherShape: [], onlyA: [], onlyB: [] });
    expect(comparison.graph).toEqual({ onlyA: [], onlyB: [], changed: [], wires: [] });
    expect([isEqual(comparison), largestDifference(comparison)]).toEqual([true, null]);
    expect(verdictOf(comparison)).toMatchObject({ key: 'plain.sentences' });
    expect(await verdict(tiny, tiny)).toBe(
      'All 7 tensors in both models are equal to the bit in float32. The networks are the same.',
    );
  });

  it('differ most where the largest distance is', async () => {
    const other = withValues(withValues(tiny, 'conv1.weights', { 2: 5 }), 'dense1.bias', { 0: 3 });
    const comparison = await compareModels(withValues(tiny, 'conv1.weights', { 2: 4 }), other);
    expect(largestDifference(comparison)?.a).toBe('dense1.bias');
    expect(comparison.tensors[0]).toMatchObject({
      ...{ a: 'conv1.weights', b: 'conv1.weights', dims: [4, 1, 3, 3], isEqual: false },
      ...{ elements: 36, differing: 1, absolute: 1, relative: 0.2 },
    });
    expect(inEnglish(verdictOf(comparison))).toMatch(
      /^The largest difference is 2\.\d\d \(\d\d\.\d % of the largest value\) in dense1\.bias; 2 of 7 tensors differ\.$/,
    );
  });

  it('differ most where one is not a number', async () => {
    const other = withValues(withValues(tiny, 'conv1.weights', { 2: NaN }), 'dense1.bias', { 0: 3 });
    expect(await verdict(tiny, other)).toBe(
      '1 values of conv1.weights are NaN or infinite in one model and different in the other; 2 of 7 tensors differ.',
    );
  });

  it('have tensors in one of them only', async () => {
    const comparison = await compareModels(withValues(tiny, 'dense1.bias', null), tiny);
    expect(comparison).toMatchObject({ onlyA: [], onlyB: [{ name: 'dense1.bias', dims: [3] }] });
    expect(inEnglish(verdictOf(comparison))).toBe(
      'All 6 tensors in both models are equal to the bit in float32. Tensors in one model only, or of another shape: 1.',
    );
  });

  it('are not called equal while tensors that no block uses remain', async () => {
    const counted = { ...tiny, unread: ['step'] };
    expect(isEqual(await compareModels(counted, tiny))).toBe(false);
    expect(await verdict(tiny, counted)).toContain('that were not compared: 1.');
    const extra = { ...tiny, rest: [vector('bn1.mean', 1)] };
    const comparison = await compareModels(extra, { ...tiny, rest: [vector('bn1.mean', 2)] });
    expect(comparison.tensors.at(-1)).toMatchObject({ a: 'bn1.mean', absolute: 1 });
    expect(comparison.batchNorm[0]?.mean).toBe(0);
  });
});

describe('BatchNorm blocks', () => {
  it('show epsilon, decay, estimator, averaging and the four switches first', async () => {
    const params = { epsilon: 1e-3, decay: 0.99, variance: 'biased', trainGamma: false };
    const block = await norm(tiny, networkOf(withParams(document, 'bn1', params)));
    expect(block.settings.slice(0, 8)).toEqual([
      { name: 'epsilon', a: 1e-5, b: 1e-3, differs: true },
      { name: 'decay', a: 0.8, b: 0.99, differs: true },
      { name: 'variance', a: 'unbiased', b: 'biased', differs: true },
      { name: 'averaging', a: 'decay', b: 'decay', differs: false },
      { name: 'normalizeBy', a: 'batch', b: 'batch', differs: false },
      { name: 'updateStatistics', a: true, b: true, differs: false },
      { name: 'trainGamma', a: true, b: false, differs: true },
      { name: 'trainBeta', a: true, b: true, differs: false },
    ]);
    expect([block.isEqual, block.mean]).toEqual([false, 0]);
  });

  it('do not differ by settings without effect', async () => {
    const other = networkOf(withParams(document, 'bn1', { renormMaxR: 7 }));
    expect((await norm(tiny, other)).isEqual).toBe(true);
    expect((await compareModels(tiny, other)).graph?.changed).toEqual([]);
    const cumulative = (decay: number) =>
      networkOf(withParams(document, 'bn1', { averaging: 'cumulative', decay }));
    expect((await norm(cumulative(0.5), cumulative(0.6))).isEqual).toBe(true);
    const differing = (await norm(tiny, cumulative(0.5))).settings.filter(({ differs }) => differs);
    expect(differing.map(({ name }) => name)).toEqual(['averaging']);
  });

  it('tell what the epsilon alone changes of the scale, at the smallest variance', async () => {
    const variances = { 0: 0, 1: 1, 2: 1, 3: 1 };
    const a = withValues(tiny, 'bn1.variance', variances);
    const b = withValues(
      networkOf(withParams(document, 'bn1', { epsilon: 4e-5 })),
      'bn1.variance',
      variances,
    );
    const block = await norm(a, b);
    // 1 / √(1e-5) against 1 / √(4e-5): half.
    expect(block.epsilonAlone?.relative).toBeCloseTo(0.5, 12);
    expect(block.scale?.relative).toBeCloseTo(0.5, 12);
  });

  it('tell the largest differences of statistics, gamma and beta, and of the scale that they make', async () => {
    const from = withValues(withValues(tiny, 'bn1.variance', { 0: 4, 1: 4 }), 'bn1.gamma', { 0: 1, 1: 2 });
    const to = withValues(withValues(from, 'bn1.variance', { 0: 1 }), 'bn1.gamma', { 1: 1.5 });
    const block = await norm(from, to);
    expect(block).toMatchObject({ mean: 0, variance: 3, gamma: 0.5, beta: 0 });
    expect(block.scale?.relative).toBeCloseTo(0.5, 5);
    expect(block.epsilonAlone).toEqual({ relative: 0, notFinite: 0 });
  });

  it('count channels whose scale is not finite, and have no figures for values that are missing', async () => {
    const negative = await norm(tiny, withValues(tiny, 'bn1.variance', { 0: -1 }));
    expect([negative.scale?.notFinite, negative.epsilonAlone?.notFinite]).toEqual([1, 1]);
    const missing = await norm(tiny, withValues(tiny, 'bn1.variance', null));
    expect(missing).toMatchObject({
      mean: 0,
      variance: null,
      scale: null,
      epsilonAlone: null,
      isEqual: false,
    });
  });
});

describe('two networks with other blocks', () => {
  it('list parameters, shapes, wires and kinds that differ', async () => {
    const wider = await compareModels(tiny, networkOf(withParams(document, 'conv1', { filters: 6 })));
    expect(wider.graph?.changed).toMatchObject([
      { a: 'conv1', kindA: 'conv2d', params: [{ name: 'filters', a: 4, b: 6 }] },
    ]);
    expect(wider.otherShape[0]).toEqual({
      ...{ a: 'conv1.weights', b: 'conv1.weights', dimsA: [4, 1, 3, 3], dimsB: [6, 1, 3, 3] },
    });
    expect(wider.batchNorm[0]).toMatchObject({ channelsA: 4, channelsB: 6, mean: null, scale: null });

    const conv = renamed(document, (id) => (id === 'conv1' ? 'conv' : id));
    expect(
      (await compareModels(tiny, networkOf(withParams(conv, 'conv', { filters: 6 })))).graph,
    ).toMatchObject({
      ...{ onlyA: [{ id: 'conv1', kind: 'conv2d' }], onlyB: [{ id: 'conv', kind: 'conv2d' }], changed: [] },
      wires: [{ portA: 'bn1.in', portB: 'bn1.in', sourceA: 'conv1.out', sourceB: 'conv.out' }],
    });
    const swapped = renamed(document, (id) => ({ relu1: 'drop1', drop1: 'relu1' })[String(id)] ?? id);
    expect((await compareModels(tiny, networkOf(swapped))).graph?.changed).toMatchObject([
      { a: 'relu1', kindA: 'relu', kindB: 'dropout', params: [] },
      { a: 'drop1', kindA: 'dropout', kindB: 'relu', params: [] },
    ]);
  });

  it('are aligned by id, and blocks with another id by order', async () => {
    const other = renamed(document, (id) => ({ bn1: 'norm', relu1: 'act' })[String(id)] ?? id);
    const comparison = await compareModels(tiny, networkOf(other));
    expect([comparison.alignment, comparison.pairedByOrder]).toEqual(['id', 2]);
    expect(comparison.batchNorm[0]).toMatchObject({ a: 'bn1', b: 'norm', mean: 0, isEqual: true });
    expect(comparison.tensors[1]).toMatchObject({ a: 'bn1.gamma', b: 'norm.gamma' });
    expect(isEqual(comparison)).toBe(true);
  });

  it('are aligned by order when the ids say nothing, however they sort', async () => {
    const resnet = instantiateTemplate('resnet20');
    const ids = Object.keys(resnet.graph.nodes);
    const backwards = renamed(resnet, (id) => `z${String(1000 - ids.indexOf(id))}`);
    const comparison = await compareModels(networkOf(resnet), networkOf(backwards));
    expect([comparison.alignment, comparison.graph]).toEqual([
      'order',
      { onlyA: [], onlyB: [], changed: [], wires: [] },
    ]);
    expect(comparison.otherShape).toEqual([]);
    expect([comparison.onlyA, comparison.onlyB]).toEqual([[], []]);
    for (const { a, b } of comparison.batchNorm) expect(b).toBe(`z${String(1000 - ids.indexOf(a))}`);
    expect(comparison.batchNorm.length).toBe(21);
  });
});

describe('a network without values', () => {
  const plain = { ...tiny, network: { ...tiny.network, values: new Map() } };

  it('is compared by blocks and wires alone', async () => {
    const comparison = await compareModels(plain, tiny);
    expect(comparison).toMatchObject({
      ...{ tensors: [], onlyA: [], onlyB: [], withoutValues: { a: true, b: false } },
      batchNorm: [{ a: 'bn1', mean: null, isEqual: true }],
    });
    expect(isEqual(comparison)).toBe(false);
    expect(await verdict(plain, tiny)).toBe(
      'Only the networks are compared, since A has no weights. The networks are the same.',
    );
    const wider = networkOf(withParams(document, 'conv1', { filters: 6 }));
    expect(await verdict(wider, plain)).toBe(
      'Only the networks are compared, since B has no weights. The networks or their settings differ.',
    );
    expect(await verdict(plain, plain)).toContain('since neither has weights. The networks are the same.');
  });
});

describe('a long comparison', () => {
  const size = 600_000;
  const of = (value: number): Comparable => ({
    kind: 'tensors',
    tensors: ['x', 'y'].map((name) => ({
      name,
      dims: [size],
      read: () => new Float32Array(size).fill(value),
    })),
  });

  it('reports each piece of the work, and gives the same figures', async () => {
    const told: (readonly [number, number])[] = [];
    const comparison = await compareModels(of(1), of(3), (done, total) => {
      told.push([done, total]);
      return undefined;
    });
    expect(comparison.tensors[1]).toMatchObject({ elements: size, differing: size, absolute: 2 });
    expect(told.length).toBe(6);
    expect([told[0], told.at(-1)]).toEqual([
      [262_144, 2 * size],
      [2 * size, 2 * size],
    ]);
  });

  it('ends within a tensor when its pace rejects', async () => {
    let pieces = 0;
    const comparing = compareModels(of(1), of(1), () => {
      pieces += 1;
      return pieces < 2 ? undefined : Promise.reject(new Error('cancelled'));
    });
    await expect(comparing).rejects.toThrow('cancelled');
    expect(pieces).toBe(2);
  });
});

describe('files of tensors', () => {
  const file: Comparable = {
    kind: 'tensors',
    tensors: [vector('x', 1, 2), vector('y', 1), vector('bn1.running_mean', 1, 2, 3, 4)],
  };

  it('are compared by the names of tensors', async () => {
    const other: Comparable = {
      kind: 'tensors',
      tensors: [vector('y', 1, 2), vector('x', 1, 4), vector('z')],
    };
    expect(await compareModels(file, other)).toMatchObject({
      ...{ alignment: 'names', batchNorm: [], graph: null },
      tensors: [{ a: 'x', absolute: 2, relative: 0.5 }],
      otherShape: [{ a: 'y', b: 'y', dimsA: [1], dimsB: [2] }],
      onlyA: [{ name: 'bn1.running_mean' }],
      onlyB: [{ name: 'z', dims: [0] }],
    });
    expect(await verdict(file, file)).toBe('All 3 tensors in both models are equal to the bit in float32.');
    expect(await verdict({ kind: 'tensors', tensors: [] }, { kind: 'tensors', tensors: [] })).toBe(
      'No tensor is in both models with the same shape.',
    );
  });

  it('meet a network under the names of its slots or of its exported files, whichever are theirs', async () => {
    const exported = await compareModels(file, tiny);
    expect(exported.tensors).toMatchObject([{ a: 'bn1.running_mean', dims: [4] }]);
    const slots: Comparable = { kind: 'tensors', tensors: [vector('bn1.mean', 1, 2, 3, 4)] };
    expect((await compareModels(tiny, slots)).tensors).toMatchObject([{ a: 'bn1.mean' }]);
    const named = { ...tiny, tensors: [vector('x', 1, 2)] };
    expect((await compareModels(named, file)).tensors).toMatchObject([{ a: 'x', isEqual: true }]);
  });
});
