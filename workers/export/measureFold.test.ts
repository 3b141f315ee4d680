import { describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { foldMeasurementSchema, normPreviewSchema } from '#core/contract/normPreview.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { findSlot } from '#core/export/stateReader.ts';
import { everyForwardFold, withoutBatchNorm } from '#core/export/testing/networks.ts';
import { randomImages, randomModel } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { told } from '#core/words/testing.ts';
import type { TaskContext } from '../threads/progress.ts';
import { samplesFor } from './check/samples.ts';
import { measureFoldOf } from './measureFold.ts';
import { previewOf } from './readNormPreview.ts';

const FOLDED = ['first', 'back', 'chained', 'toPoint', 'toDense'];
const idle: TaskContext = { signal: new AbortController().signal, onProgress: () => undefined };
const measure = (model: TrainedModel, context = idle) =>
  measureFoldOf(model, samplesFor(model, randomImages(model, 20)), context, referenceBackend);

/**
 * The network with 10,000 added to channel 0 of what conv reads, and taken away again by the mean of the block behind
 * it: the same outputs, by the difference of large numbers.
 */
function withLargeMean(model: TrainedModel): TrainedModel {
  const large = 1e4;
  const state = model.state.slice();
  const slotOf = (node: string, field: Parameters<typeof findSlot>[2]) =>
    must(findSlot(model, toNodeId(node), field), `${node}.${field}`);
  const [beta, mean, weights] = [slotOf('first', 'beta'), slotOf('back', 'mean'), slotOf('conv', 'weights')];
  state[beta.offset] = (state[beta.offset] ?? NaN) + large;
  const perOutput = weights.size / mean.size;
  for (let out = 0; out < mean.size; out += 1)
    for (let tap = 0; tap < 9; tap += 1)
      state[mean.offset + out] =
        (state[mean.offset + out] ?? NaN) + large * (state[weights.offset + out * perOutput + tap] ?? NaN);
  return { ...model, state };
}

describe('measureFold', () => {
  it('compares the whole on all images and each foldable block alone on some', async () => {
    const model = randomModel(everyForwardFold());
    const done: number[] = [];
    let total: number | null = null;
    const found = await measure(model, {
      ...idle,
      onProgress: (_, at, of) => {
        done.push(at);
        total = of;
      },
    });
    expect(foldMeasurementSchema.parse(found)).toEqual(found);
    expect(found).toMatchObject({ images: 20, blockImages: 8, generated: false });
    expect(found.blocks.map(({ node }) => node)).toEqual(FOLDED);
    for (const difference of [must(found.whole, 'whole'), ...found.blocks]) {
      // Only the rounding of folded weights to float32 is left, and it is there.
      expect(difference.maxAbsDiff).toBeGreaterThan(0);
      expect(difference.maxAbsDiff).toBeLessThan(difference.tolerance);
      expect(difference.top1Agreement).toBe(1);
      expect(difference.relativeDiff).toBeLessThan(1e-5);
    }
    expect(done.at(-1)).toBe(total);
    expect([...done].sort((a, b) => a - b)).toEqual(done);
  });

  it('shows which blocks cost precision', async () => {
    const { blocks } = await measure(withLargeMean(randomModel(everyForwardFold())));
    const costs = new Map(blocks.map(({ node, relativeDiff }) => [node, relativeDiff]));
    const costly = ['first', 'back'].map((node) => costs.get(node) ?? NaN);
    const cheap = ['toPoint', 'toDense'].map((node) => costs.get(node) ?? NaN);
    expect(Math.min(...costly)).toBeGreaterThan(20 * Math.max(...cheap));
  });

  it('has nothing to compare where nothing can be folded', async () => {
    expect(await measure(randomModel(withoutBatchNorm()))).toMatchObject({ whole: null, blocks: [] });
  });

  it('ends when it is cancelled', async () => {
    const abort = new AbortController();
    const context = { signal: abort.signal, onProgress: () => abort.abort() };
    const ended = measure(randomModel(everyForwardFold()), context);
    await expect(ended).rejects.toMatchObject({ code: 'interrupted' });
    await expect(ended).rejects.toBeInstanceOf(AppError);
  });
});

describe('previewOf', () => {
  it('lists every BatchNorm with its layer or the reason why it stays', () => {
    const preview = previewOf(randomModel(everyForwardFold()));
    expect(normPreviewSchema.parse(preview)).toEqual(preview);
    expect(preview.findings).toEqual([]);
    expect(preview.blocks.flatMap(({ node, into }) => (into === null ? [] : [node]))).toEqual(FOLDED);
    const [first] = told(preview.blocks);
    expect(first).toMatchObject({ node: 'first', channels: 3, into: 'conv', isForward: true });
    expect(first?.reason).toBe('first is folded into conv, the layer after it.');
  });

  it('gives the largest amplification of a block and its channel', () => {
    const model = randomModel(everyForwardFold());
    const at = (field: 'gamma' | 'variance'): number =>
      must(findSlot(model, toNodeId('back'), field), field).offset + 4;
    model.state[at('gamma')] = -3;
    model.state[at('variance')] = 0.0025;
    const back = previewOf(model).blocks.find(({ node }) => node === 'back');
    expect(back?.channel).toBe(4);
    // Epsilon of this block is 0.01.
    expect(back?.factor).toBeCloseTo(3 / Math.sqrt(0.0125), 6);
  });
});
