import { shallowReactive, shallowRef, watch } from 'vue';
import type { EvaluatedImage, EvaluationKey, ImageQuery } from '#core/contract/evaluationCalls.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { useLab } from '../../client/useLab.ts';
import { createPageQueue } from '../../data/images/pageQueue.ts';

/** Number of images per request. */
const PAGE = 200;

/** The images of an evaluation that match a query, fetched page by page as they become visible. */
export function useEvaluatedImages(
  wanted: () => { readonly key: EvaluationKey; readonly query: ImageQuery },
) {
  const lab = useLab();
  /** Null until the first page is there. */
  const total = shallowRef<number | null>(null);
  const error = shallowRef<AppErrorData | null>(null);
  const rows = shallowReactive(new Map<number, EvaluatedImage>());
  let asked = wanted();

  async function fetchPage(page: number): Promise<void> {
    const mine = asked;
    try {
      const request = { ...mine.key, query: mine.query, from: page * PAGE, count: PAGE };
      const found = await lab.call('evaluation.images', request);
      if (asked !== mine) return;
      total.value = found.total;
      found.images.forEach((image, at) => rows.set(page * PAGE + at, image));
    } catch (thrown) {
      if (asked === mine) error.value = toErrorData(thrown);
    }
  }

  const pages = createPageQueue(PAGE, fetchPage);
  watch(
    () => JSON.stringify(wanted()),
    () => {
      asked = wanted();
      rows.clear();
      total.value = null;
      error.value = null;
      pages.need(0, 1);
      pages.restart();
    },
    { immediate: true },
  );
  return { total, rows, error, need: pages.need };
}
