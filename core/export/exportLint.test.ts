import { describe, expect, it } from 'vitest';
import { toNodeId } from '../diagnostics/ids.ts';
import { must } from '../diagnostics/invariantError.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { told } from '../words/testing.ts';
import { lintModel } from './exportLint.ts';
import { exportOnnx } from './exportOnnx.ts';
import { exportSafetensors } from './exportSafetensors.ts';
import { findSlot, type StateField } from './stateReader.ts';
import { everyFoldCase, everyImageBlock } from './testing/networks.ts';
import { randomModel } from './testing/randomModel.ts';
import type { TrainedModel } from './trainedModel.ts';

/** A network with 32 channels in bn1, every one of them usual: nothing is found in it. */
const usual = (): TrainedModel => randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8] }));

/** The network with values of a field of bn1 changed. */
function changed(
  field: StateField,
  change: (value: number, channel: number) => number,
  node = 'bn1',
): TrainedModel {
  const model = usual();
  const { offset, size } = must(findSlot(model, toNodeId(node), field), field);
  for (let at = 0; at < size; at += 1) model.state[offset + at] = change(model.state[offset + at] ?? NaN, at);
  return model;
}

const only = (channels: readonly number[], value: number) => (old: number, at: number) =>
  channels.includes(at) ? value : old;
const found = (model: TrainedModel) => told(lintModel(model));
const refusalOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return 'not refused';
};

describe('lintModel', () => {
  it('finds nothing in networks whose values are usual', () => {
    expect(found(usual())).toEqual([]);
    expect(found(randomModel(everyImageBlock()))).toEqual([]);
    expect(found(randomModel(everyFoldCase()))).toEqual([]);
    // A negative gamma mirrors its channel, and is as good as a positive one.
    expect(found(changed('gamma', (value) => -value))).toEqual([]);
  });

  it('refuses statistics that no batch has updated, in the words of the export', () => {
    const model = usual();
    const fresh = { ...model, provenance: { ...model.provenance, batchesSeen: 0 } };
    const [finding, ...others] = found(fresh);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'no-batches', severity: 'error', node: 'bn1', of: 32 });
    const refusal = refusalOf(() => exportSafetensors(fresh, { foldBatchNorm: false }));
    expect(refusal).toMatchObject({ code: 'run-has-no-weights', message: finding?.message, where: 'bn1' });
  });

  it('warns of a block that does not update beside others that do', () => {
    const document = instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8] });
    const bn1 = must(document.graph.nodes[toNodeId('bn1')], 'bn1');
    const frozen = { ...bn1, params: { ...bn1.params, updateStatistics: false } };
    const nodes = { ...document.graph.nodes, bn1: frozen };
    const model = randomModel({ ...document, graph: { ...document.graph, nodes } });
    expect(found(model)).toMatchObject([{ code: 'never-updated', severity: 'warning', node: 'bn1' }]);
  });

  it('warns of mean 0 and variance 1 in every channel, and in every channel only', () => {
    const model = changed('mean', () => 0);
    expect(found(model)).toEqual([]);
    const { offset, size } = must(findSlot(model, toNodeId('bn1'), 'variance'), 'variance');
    model.state.fill(1, offset, offset + size);
    expect(found(model)).toMatchObject([
      {
        code: 'initial-statistics',
        severity: 'warning',
        message: expect.stringMatching(/^bn1: .*exactly 0/),
      },
    ]);
    model.state[offset] = 1.0001;
    expect(found(model)).toEqual([]);
  });

  it('warns of a variance that epsilon dominates, with the channels and the amplification', () => {
    const [finding, ...others] = found(changed('variance', only([3, 5], 9.9e-5)));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      ...{ code: 'small-variance', severity: 'warning', node: 'bn1', tensor: 'bn1.variance' },
      ...{ channels: [3, 5], count: 2, of: 32 },
    });
    expect(finding?.message).toMatch(/2 of 32 channels \(3, 5\).*amplified up to \d+ times/);
    expect(found(changed('variance', only([3], 1.01e-4)))).toEqual([]);
  });

  it('only mentions it where gamma keeps these channels small', () => {
    const model = changed('variance', only([3], 1e-6));
    model.state[must(findSlot(model, toNodeId('bn1'), 'gamma'), 'gamma').offset + 3] = 0.002;
    expect(found(model)).toMatchObject([{ code: 'small-variance', severity: 'info', channels: [3] }]);
  });

  it('lists the first channels and how many there are', () => {
    const [finding] = found(changed('variance', (value, at) => (at < 20 ? 0 : value)));
    expect(finding).toMatchObject({ channels: [0, 1, 2, 3, 4], count: 20, of: 32 });
    expect(finding?.message).toMatch(/20 of 32 channels \(0, 1, 2, 3, 4, …\)/);
    expect(found(changed('variance', () => 0))[0]?.message).toMatch(/in all 32 channels/);
  });

  it('refuses a negative variance, unless epsilon keeps the output finite', () => {
    const model = changed('variance', only([7], -0.25));
    const [finding] = found(model);
    expect(finding).toMatchObject({ code: 'negative-variance', severity: 'error', channels: [7], count: 1 });
    const refusal = refusalOf(() => exportOnnx(model, { foldBatchNorm: false }));
    expect(refusal).toMatchObject({ code: 'run-invalid', message: finding?.message, where: 'bn1' });
    const slight = changed('variance', only([7], -1e-7));
    expect(found(slight)).toMatchObject([{ code: 'negative-variance', severity: 'warning', channels: [7] }]);
    expect(exportOnnx(slight, { foldBatchNorm: false }).length).toBeGreaterThan(0);
  });

  it('mentions channels whose gamma is close to 0, beside the largest or at all', () => {
    const found1 = found(
      changed('gamma', (value, at) => (at === 2 ? 9e-4 : at === 4 ? -1e-7 : Math.max(1, value))),
    );
    expect(found1).toMatchObject([{ code: 'small-gamma', severity: 'info', channels: [2, 4], count: 2 }]);
    expect(found(changed('gamma', (_, at) => (at === 2 ? 1.1e-3 : 1)))).toEqual([]);
    const tiny = changed('gamma', (_, at) => (at === 2 ? 9e-7 : 1e-5));
    expect(found(tiny)).toMatchObject([{ code: 'small-gamma', channels: [2] }]);
  });

  it('warns of a block whose gamma is 0 throughout', () => {
    expect(found(changed('gamma', () => 0))).toMatchObject([{ code: 'constant-block', severity: 'warning' }]);
  });

  it.each([
    ['gamma', 'bn1', 'bn1.gamma'],
    ['variance', 'bn1', 'bn1.variance'],
    ['weights', 'conv1', 'conv1.weights'],
  ] as const)('refuses %s of %s that are not finite, and says where', (field, node, tensor) => {
    const model = changed(field, only([1, 6], field === 'gamma' ? Infinity : NaN), node);
    const [finding, ...others] = found(model);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'not-finite',
      severity: 'error',
      node,
      tensor,
      channels: [1, 6],
      count: 2,
    });
    expect(finding?.message).toMatch(new RegExp(`^${tensor} holds values that are not numbers`));
    const refusal = refusalOf(() => exportSafetensors(model, { foldBatchNorm: false }));
    expect(refusal).toMatchObject({ code: 'diverged' });
  });

  it('lists errors first', () => {
    const model = changed('gamma', only([0], 0));
    model.state[must(findSlot(model, toNodeId('bn1'), 'variance'), 'variance').offset + 1] = -1;
    expect(found(model).map(({ severity }) => severity)).toEqual(['error', 'info']);
  });
});
