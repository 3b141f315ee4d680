import { watch } from 'vue';
import type { EvaluationKey } from '#core/contract/evaluationCalls.ts';
import { useLab } from '../../client/useLab.ts';
import { createThumbnailQueue } from '../../data/images/thumbnailQueue.ts';

/** Pixels of a thumbnail: twice its size on the screen. */
const SIZE_PX = 160;
/** Number of images per request. */
const BATCH = 24;

/** Thumbnails of images of an evaluation, by their numbers. */
export function useEvaluatedThumbnails(key: () => EvaluationKey) {
  const lab = useLab();
  const queue = createThumbnailQueue<number>(BATCH, async (images) => {
    const drawn = await lab.call('evaluation.pictures', {
      ...key(),
      images: [...images],
      sizePx: SIZE_PX,
    });
    return new Map(drawn.map(({ image, dataUrl }) => [image, dataUrl]));
  });
  watch(() => key().id, queue.clear);
  return { show: queue.show, urlOf: queue.urlOf };
}
