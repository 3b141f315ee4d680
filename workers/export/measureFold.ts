import type { Backend } from '#core/backend/backend.ts';
import type { FoldDifference, FoldMeasurement } from '#core/contract/normPreview.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { foldModel } from '#core/export/fold.ts';
import { planFold } from '#core/export/foldPlan.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { message, type Message } from '#core/words/message.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { loadMeasuredModel } from '../inference/measuredModel.ts';
import { openRun } from '../runs/folder/runFolder.ts';
import { createPace } from '../threads/pace.ts';
import type { TaskContext } from '../threads/progress.ts';
import { backendLogits } from './check/backendLogits.ts';
import { compareLogits } from './check/compare.ts';
import { samplesFor, type Samples } from './check/samples.ts';
import type { PreviewAsked } from './readNormPreview.ts';
import { sampleImages } from './sampleImages.ts';

/** Images on which each block is compared alone: fewer than for the whole, since a network may have 100 blocks. */
const BLOCK_IMAGES = 8;

export interface MeasureAsked extends PreviewAsked {
  readonly cacheFolder?: string;
}

/**
 * Measures the effect of folding on the logits of a run: of all foldable blocks together on up to 32 images of its
 * validation folder (of its training folder when it has none, on noise when neither can be read), and of each alone on
 * a part of them. The run is only read. Throws as `loadMeasuredModel` does, 'run-has-no-weights' without statistics,
 * and 'interrupted'.
 */
export async function measureFold(
  { run, weights, ...more }: MeasureAsked,
  context: TaskContext,
): Promise<FoldMeasurement> {
  context.onProgress(message('work.reading'), 0, null);
  const model = await loadMeasuredModel(run, weights, { ...more, ...context });
  const { manifest } = await openRun(run);
  const images = await sampleImages(manifest.data, model, context);
  return measureFoldOf(model, samplesFor(model, images), context);
}

/** The same for a network in memory. */
export async function measureFoldOf(
  model: TrainedModel,
  samples: Samples,
  { signal, onProgress }: TaskContext,
  backend: Backend = chooseBackend().backend,
): Promise<FoldMeasurement> {
  const pace = createPace(signal, undefined, message('folding.cancelled'));
  const nodes = planFold(model.graph).flatMap(({ node, into }) => (into === null ? [] : [node]));
  const few = evenly(samples, BLOCK_IMAGES);
  const total = nodes.length === 0 ? 0 : 2 * samples.count + (nodes.length + 1) * few.count;
  let done = 0;
  const logitsOf = (network: TrainedModel, on: Samples, label: Message): Promise<Float64Array> =>
    backendLogits(backend, inFloat32(network), on, async (count) => {
      onProgress(label, (done += count), total);
      await pace.settle();
    });
  const compare = async (on: Samples, own: Float64Array, only?: NodeId): Promise<FoldDifference> => {
    await pace.settle();
    const label =
      only === undefined ? message('folding.comparing') : message('folding.comparingBlock', { block: only });
    return differenceOf(own, await logitsOf(foldModel(model, only).model, on, label), on.count);
  };
  const facts = { images: samples.count, blockImages: few.count, generated: samples.generated };
  if (nodes.length === 0) return { ...facts, whole: null, blocks: [] };
  const whole = await compare(samples, await logitsOf(model, samples, message('folding.comparing')));
  const own = await logitsOf(model, few, message('folding.comparing'));
  const blocks: FoldMeasurement['blocks'] = [];
  for (const node of nodes) blocks.push({ node, ...(await compare(few, own, node)) });
  return { ...facts, whole, blocks };
}

/** The values as a file holds them, without moments: folding computes in float64, and an export rounds the result. */
function inFloat32(model: TrainedModel): TrainedModel {
  const { statisticsOffset, statisticsSize } = model.layout;
  return { ...model, state: new Float32Array(model.state.subarray(0, statisticsOffset + statisticsSize)) };
}

function differenceOf(own: Float64Array, folded: Float64Array, images: number): FoldDifference {
  const { maxAbsDiff, top1Agreement, tolerance } = compareLogits(own, folded, images);
  if (!Number.isFinite(maxAbsDiff)) throw new AppError('diverged', message('folding.notFinite'));
  const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { maxAbsDiff, relativeDiff: maxAbsDiff === 0 ? 0 : maxAbsDiff / largest, top1Agreement, tolerance };
}

/** At most `most` of the samples, evenly spread over them. */
function evenly(samples: Samples, most: number): Samples {
  const count = Math.min(most, samples.count);
  const size = samples.height * samples.width * samples.channels;
  const bytes = new Uint8Array(count * size);
  for (let at = 0; at < count; at += 1) {
    const from = Math.floor((at * samples.count) / count);
    bytes.set(samples.bytes.subarray(from * size, (from + 1) * size), at * size);
  }
  return { ...samples, count, bytes };
}
