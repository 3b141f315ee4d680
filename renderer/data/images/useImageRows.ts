import { computed, ref, shallowReactive, shallowRef, watch } from 'vue';
import type { ImageFilter, ImageRow } from '#core/contract/imageRows.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { useLab } from '../../client/useLab.ts';
import { useImageView } from '../folders/useSampleRequest.ts';
import { useDataStore } from '../folders/dataStore.ts';
import { createPageQueue } from './pageQueue.ts';

/** Number of rows per request. */
const PAGE = 200;

/** The images of the training folder that match a filter, fetched page by page as they become visible. */
export function useImageRows() {
  const lab = useLab();
  const data = useDataStore();
  const filter = ref<ImageFilter>({});
  const total = ref<number | null>(null);
  const error = shallowRef<AppErrorData | null>(null);
  const rows = shallowReactive(new Map<number, ImageRow>());

  const view = useImageView();
  /** The inputs of the rows: other changes do not reload them. */
  const source = computed(() => ({
    folder: data.trainFolder,
    summary: data.summary,
    view: view.value,
    filter: filter.value,
  }));

  async function fetchPage(page: number): Promise<void> {
    const wanted = source.value;
    if (wanted.folder === null || wanted.summary === null) return;
    const request = { folder: wanted.folder.grant, view: wanted.view, filter: wanted.filter };
    try {
      const found = await lab.call('data.images', { ...request, from: page * PAGE, count: PAGE });
      if (source.value !== wanted) return;
      total.value = found.total;
      found.rows.forEach((row, at) => rows.set(page * PAGE + at, row));
      error.value = null;
    } catch (thrown) {
      if (source.value === wanted) error.value = toErrorData(thrown);
    }
  }

  const pages = createPageQueue(PAGE, fetchPage);

  let told = '';
  watch(
    source,
    (next) => {
      // The old rows stay visible until the new ones arrive: an edit of one image must not make the grid flicker.
      const key = JSON.stringify([next.folder?.grant, next.filter]);
      if (key !== told) {
        rows.clear();
        total.value = null;
        pages.need(0, 1);
      }
      told = key;
      pages.restart();
    },
    { immediate: true },
  );

  return { filter, total, rows, error, need: pages.need };
}
