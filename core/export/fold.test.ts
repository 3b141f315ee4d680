import { describe, expect, it } from 'vitest';
import { told } from '../words/testing.ts';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { compile } from '../compile/compile.ts';
import { bytesInput } from '../compile/options.ts';
import { optimizerPlanOf } from '../compile/optimizerPlan.ts';
import { must } from '../diagnostics/invariantError.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { findSlot } from './stateReader.ts';
import {
  everyFoldCase,
  everyForwardFold,
  everyImageBlock,
  everyPhotoBlock,
  everyResizingBlock,
} from './testing/networks.ts';
import { randomModel, randomImages } from './testing/randomModel.ts';
import type { TrainedModel } from './trainedModel.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { foldModel } from './fold.ts';

function logitsOf(model: TrainedModel, images: Uint8Array, count: number): number[] {
  const program = compile(model.graph, {
    mode: 'evaluate',
    input: bytesInput(model.preprocessing),
    optimizer: optimizerPlanOf(model.document.training),
    labelSmoothing: 0,
  });
  const session = referenceBackend.open(program.state, { threads: 1, precision: 'f64' });
  session.state.set(model.state);
  const prepared = session.prepare(program, count);
  prepared.run({ images }, { learningRate: 0, step: 1, randomKey: 0 });
  return [...prepared.logits];
}

function valuesOf(model: TrainedModel, node: string, field: 'weights' | 'bias'): number[] {
  const slot = must(findSlot(model, toNodeId(node), field), `${node}.${field}`);
  return [...model.state.subarray(slot.offset, slot.offset + slot.size)];
}

describe('foldModel', () => {
  it.each([
    ['every image block', everyImageBlock()],
    ['every fold case', everyFoldCase()],
    ['every forward fold', everyForwardFold()],
    ['every resizing block', everyResizingBlock()],
    ['every photo block', everyPhotoBlock()],
    ['resnet20', instantiateTemplate('resnet20', { inputShape: [3, 8, 8] })],
  ])('gives the same logits in float64: %s', (_name, document) => {
    const model = randomModel(document);
    const images = randomImages(model, 3);
    const folded = foldModel(model).model;
    const before = logitsOf(model, images, 3);
    expect(folded.graph.order.length).toBeLessThan(model.graph.order.length);
    logitsOf(folded, images, 3).forEach((value, at) => expect(value).toBeCloseTo(before[at] ?? NaN, 9));
  });

  it('computes W and b of batchnorm-spec.md, with a bias that was there', () => {
    const model = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 6, 6], classes: 2 }));
    // One channel computed by hand: gamma 2, beta 0.5, mean 0.875, variance 1.126667, eps 1e-5.
    const set = (node: string, field: Parameters<typeof findSlot>[2], value: number): void => {
      model.state[must(findSlot(model, toNodeId(node), field), field).offset] = value;
    };
    set('bn1', 'gamma', 2);
    set('bn1', 'beta', 0.5);
    set('bn1', 'mean', 0.875);
    set('bn1', 'variance', 1.126667);
    set('conv1', 'weights', 1);
    set('conv1', 'bias', 2);
    const { model: folded } = foldModel(model);
    expect(valuesOf(folded, 'conv1', 'weights')[0]).toBeCloseTo(1.884215, 5);
    // Reference output for x = 2 with frozen statistics.
    expect(valuesOf(folded, 'conv1', 'bias')[0]).toBeCloseTo(2.619741, 5);
  });

  it('says of each BatchNorm where it went or why it stayed', () => {
    const model = randomModel(everyFoldCase());
    const { decisions, model: folded } = foldModel(model);
    expect(Object.fromEntries(decisions.map(({ node, into }) => [node, into]))).toEqual({
      afterInput: null,
      folded: 'logits',
      twice: null,
      sharedBn: null,
      afterSum: null,
      afterActivation: null,
      afterPool: null,
      denseBn: 'dense',
      afterDropout: 'last',
    });
    const reasonOf = (node: string): string | undefined =>
      told(decisions).find((each) => each.node === node)?.reason;
    expect(reasonOf('sharedBn')).toBe(
      'sharedBn stays: shared before it feeds 2 blocks, and the others need its output unchanged, and it feeds sum (Add), not a Conv2D or Dense.',
    );
    expect(reasonOf('afterSum')).toMatch(/follows sum \(Add\), not a Conv2D, ConvTranspose2D or Dense/);
    expect(reasonOf('afterInput')).toMatch(/no layer before it, and logits after it pads its input/);
    expect(reasonOf('denseBn')).toBe('denseBn is folded into dense.');
    expect(reasonOf('afterDropout')).toBe('afterDropout is folded into last, the layer after it.');
    expect(folded.document.graph.nodes[toNodeId('folded')]).toBeUndefined();
    expect(folded.document.graph.nodes[toNodeId('logits')]?.params['bias']).toBe(true);
    expect(folded.document.layout.positions[toNodeId('folded')]).toBeUndefined();
  });

  it('folds into the layer after only where that layer reads nothing else and pads nothing', () => {
    const model = randomModel(everyForwardFold());
    const { decisions } = foldModel(model);
    const reasons = told(decisions);
    expect(decisions.map(({ node, into, isForward }) => [node, into, isForward])).toEqual([
      ...[
        ['first', 'conv', true],
        ['back', 'conv', false],
        ['chained', 'grouped', true],
      ],
      ...[
        ['toPoint', 'point', true],
        ['toPadded', null, false],
        ['toGrown', null, false],
        ['twice', null, false],
        ['toDense', 'dense', true],
      ],
    ]);
    expect(reasons[4]?.reason).toMatch(
      /follows bent \(ReLU\).*, and padded after it pads its input with zeros/,
    );
    expect(reasons[5]?.reason).toMatch(/grown after it is a ConvTranspose2D/);
    expect(reasons[6]?.reason).toMatch(/it feeds 2 blocks/);
  });

  it('computes W and b of the layer after, of one group', () => {
    const model = randomModel(everyForwardFold());
    const read = (network: TrainedModel, node: string, field: Parameters<typeof findSlot>[2]): number[] => {
      const slot = must(findSlot(network, toNodeId(node), field), `${node}.${field}`);
      return [...network.state.subarray(slot.offset, slot.offset + slot.size)];
    };
    const folded = foldModel(model, toNodeId('chained')).model;
    const [gamma, beta, mean, variance] = (['gamma', 'beta', 'mean', 'variance'] as const).map((field) =>
      read(model, 'chained', field),
    );
    // Kernel [4, 3, 3, 3] of 2 groups: output channel 3 reads the input channels 3 to 5.
    const factor = (c: number): number => (gamma?.[c] ?? NaN) / Math.sqrt((variance?.[c] ?? NaN) + 1e-5);
    const kernel = read(model, 'grouped', 'weights');
    const at = 3 * 27 + 2 * 9 + 4;
    expect(read(folded, 'grouped', 'weights')[at]).toBeCloseTo((kernel[at] ?? NaN) * factor(5), 12);
    let bias = read(model, 'grouped', 'bias')[3] ?? NaN;
    for (const c of [3, 4, 5])
      for (let tap = 0; tap < 9; tap += 1)
        bias +=
          (kernel[3 * 27 + (c - 3) * 9 + tap] ?? NaN) * ((beta?.[c] ?? NaN) - (mean?.[c] ?? NaN) * factor(c));
    expect(read(folded, 'grouped', 'bias')[3]).toBeCloseTo(bias, 12);
  });

  it('folds one block alone', () => {
    const model = randomModel(everyForwardFold());
    const { decisions, model: folded } = foldModel(model, toNodeId('back'));
    expect(decisions.map(({ node }) => node)).toEqual(['back']);
    expect(folded.graph.order).toHaveLength(model.graph.order.length - 1);
  });

  it('leaves the model it was given alone', () => {
    const model = randomModel(everyFoldCase());
    const before = { state: model.state.slice(), document: structuredClone(model.document) };
    foldModel(model);
    expect(model.state).toEqual(before.state);
    expect(model.document).toEqual(before.document);
  });

  it('refuses statistics that have seen nothing', () => {
    const model = randomModel(everyFoldCase());
    const fresh = { ...model, provenance: { ...model.provenance, batchesSeen: 0 } };
    expect(() => foldModel(fresh)).toThrow(/seen no batch/);
  });
});
