import { expect, it } from 'vitest';
import { must } from '../diagnostics/invariantError.ts';
import { CROSS_ENTROPY } from '../program/loss.ts';
import type { ImageBatch } from '../training/batchSource.ts';
import { trainUpdate } from '../training/trainUpdate.ts';
import type { Backend, ComputePrecision } from '../backend/backend.ts';
import type { FloatArray } from '../program/floatArray.ts';
import { expectSameState } from './comparison.ts';
import { chainCase } from './conformanceCase.ts';
import { compileCase, makeFeed, openExperiment, PLAIN_SGD } from './experiment.ts';
import type { Tolerances } from './tolerances.ts';

const WHOLE = 10;
const CASE = chainCase('mixed', [3, 4, 4], WHOLE, ['conv2d', { filters: 5 }], ['tanh'], ['globalAvgPool']);
/** The class weights differ so much that the weight of a batch by its first labels is far from its weight by both. */
const LOSS = { ...CROSS_ENTROPY, classWeights: [8, 0.25, 1] };
const INPUT = { type: 'u8', mean: [120, 130, 110], deviation: [60, 70, 50] } as const;
const OPTIONS = { optimizer: { ...PLAIN_SGD, accumulates: true }, loss: LOSS, input: INPUT } as const;

/** Tests gradients accumulated over batches of mixed images with class weights. */
export function describeWeightedAccumulation(
  backend: Backend,
  precision: ComputePrecision,
  tolerances: Tolerances,
): void {
  it.each([[[4, 4, 2]], [[3, 7]], [[1, 1, 8]]])(
    'batches of %j of mixed pictures and weighted classes make the update of one of 10',
    async (sizes) => {
      const [split, whole] = [
        await update(backend, precision, sizes),
        await update(backend, precision, [WHOLE]),
      ];
      expectSameState(split, whole, compileCase(CASE, OPTIONS).state, tolerances);
      expect(whole).not.toEqual(await update(backend, precision, [WHOLE], 1));
    },
  );
}

/** The state after one update over the same samples, split into batches of the given sizes. */
async function update(
  backend: Backend,
  precision: ComputePrecision,
  sizes: readonly number[],
  firstShare = 0.6,
): Promise<FloatArray> {
  const program = compileCase(CASE, OPTIONS);
  const session = openExperiment(backend, precision, program);
  const feed = makeFeed(program, CASE, 1, session);
  const labels = must(feed.labels, 'labels');
  if (!(feed.images instanceof Uint8Array)) throw new TypeError('not bytes');
  const all: ImageBatch & { readonly mix: NonNullable<ImageBatch['mix']> } = {
    images: feed.images,
    labels,
    count: WHOLE,
    mix: {
      labels: labels.map((label, n) => (label + 1 + (n % 2)) % LOSS.classWeights.length),
      shares: Float32Array.from(labels, (_, n) => (firstShare === 1 ? 1 : firstShare + 0.04 * n)),
    },
  };
  const starts = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
  await trainUpdate({
    prepare: (count) => session.prepare(program, count),
    batches: sizes.map((size, at) => ({
      number: at + 1,
      randomKey: 1,
      read: () => Promise.resolve(cut(all, must(starts[at], 'start'), size)),
    })),
    loss: LOSS,
    accumulates: true,
    learningRate: 0.5,
    step: 1,
  });
  const state = session.state.slice();
  session.close();
  return state;
}

function cut(
  { images, labels, mix }: ImageBatch & { readonly mix: NonNullable<ImageBatch['mix']> },
  start: number,
  count: number,
): ImageBatch {
  const pixels = images.length / WHOLE;
  return {
    images: images.slice(start * pixels, (start + count) * pixels),
    labels: labels.slice(start, start + count),
    count,
    mix: {
      labels: mix.labels.slice(start, start + count),
      shares: mix.shares.slice(start, start + count),
    },
  };
}
