import { createHash } from 'node:crypto';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { MeasureOptions } from './judgeOptions.ts';
import type { OpenedImages } from './judgedImages.ts';

/**
 * The id of an evaluation, 16 hexadecimal digits: a hash of the values of the network, the images with their labels,
 * and what else its figures depend on. The same evaluation has the same id.
 */
export function evaluationId(
  model: TrainedModel,
  { set, described }: OpenedImages,
  { topK, precision }: Pick<MeasureOptions, 'topK' | 'precision'>,
): string {
  const { layout, state, provenance, preprocessing, classNames, document } = model;
  const values = state.subarray(0, layout.statisticsOffset + layout.statisticsSize);
  const facts = {
    ...{ provenance, preprocessing, classNames, described, topK },
    // f32 is the default: it has the same id with and without its name.
    precision: precision === 'f32' ? undefined : precision,
    ...{ graph: document.graph, loss: document.training.loss, files: set.files },
  };
  return createHash('sha256')
    .update(JSON.stringify(facts))
    .update(bytesOf(values))
    .update(bytesOf(set.labels))
    .update(set.contents().digests.packed())
    .digest('hex')
    .slice(0, 16);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
