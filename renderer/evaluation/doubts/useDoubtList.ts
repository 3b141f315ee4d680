import { onScopeDispose, shallowReactive, shallowRef, watch } from 'vue';
import type { LabMethod, LabParams, LabResult } from '#core/contract/labApi.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { useLab } from '../../client/useLab.ts';
import { createPageQueue } from '../../data/images/pageQueue.ts';
import { workAfter, type Work } from '../../runs/work.ts';

/** The calls that list images with what was found about them. */
export type DoubtListMethod = Extract<LabMethod, 'doubt.suspects' | 'doubt.duplicates' | 'doubt.forgotten'>;
/** What a list asks for, beside the part of the names. */
export type DoubtQuery<M extends DoubtListMethod> = Omit<LabParams<M>, 'taskId' | 'from' | 'count' | 'text'>;
/** What was found, without its rows. */
export type DoubtAnswer<M extends DoubtListMethod> = Omit<LabResult<M>, 'rows'>;
export type DoubtListRow<M extends DoubtListMethod> = LabResult<M>['rows'][number];

/** What a list is doing. */
type DoubtListState =
  | { readonly kind: 'searching'; readonly work: Work }
  | { readonly kind: 'ready' | 'cancelled' }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** Number of images per request. */
const PAGE = 100;

/**
 * A list that the lab searches for when its first page is asked for, and that is then read page by page. A search that
 * is no longer wanted is cancelled. `text` is a part of the names.
 */
export function useDoubtList<M extends DoubtListMethod>(
  method: M,
  query: () => DoubtQuery<M> | null,
  text: () => string,
) {
  const lab = useLab();
  const state = shallowRef<DoubtListState>({ kind: 'ready' });
  /** The last answer without its rows; null until there is one. */
  const found = shallowRef<DoubtAnswer<M> | null>(null);
  const rows = shallowReactive(new Map<number, DoubtListRow<M>>());
  const wanted = () => named(query(), text());
  let asked = wanted();
  let taskId = '';

  lab.on('evaluationProgress', (event) => {
    if (event.taskId !== taskId || state.value.kind !== 'searching') return;
    state.value = { kind: 'searching', work: workAfter(state.value.work, event.progress, Date.now()) };
  });

  async function fetchPage(page: number): Promise<void> {
    const mine = asked;
    if (mine === null) return;
    if (found.value === null)
      state.value = { kind: 'searching', work: workAfter(undefined, null, Date.now()) };
    taskId = crypto.randomUUID();
    try {
      const request = { ...mine, taskId, from: page * PAGE, count: PAGE } as LabParams<M>;
      const { rows: loaded, ...answer } = await lab.call(method, request);
      if (asked !== mine) return;
      found.value = answer;
      loaded.forEach((row, at) => rows.set(page * PAGE + at, row));
      state.value = { kind: 'ready' };
    } catch (thrown) {
      if (asked !== mine) return;
      const error = toErrorData(thrown);
      state.value = error.code === 'interrupted' ? { kind: 'cancelled' } : { kind: 'failed', error };
    }
  }

  async function cancel(): Promise<void> {
    // A search that has just ended needs no cancelling.
    if (state.value.kind === 'searching') await lab.call('doubt.cancel', { taskId }).catch(() => undefined);
  }

  const pages = createPageQueue(PAGE, fetchPage);

  /** Searches again after a failure or a cancel. */
  function search(): void {
    rows.clear();
    found.value = null;
    pages.need(0, 1);
    pages.restart();
  }

  watch(
    () => JSON.stringify(wanted()),
    () => {
      void cancel();
      asked = wanted();
      state.value = { kind: 'ready' };
      search();
    },
    { immediate: true },
  );
  onScopeDispose(() => void cancel());
  return { state, found, rows, need: pages.need, search, cancel };
}

function named<Q extends object>(query: Q | null, text: string) {
  return query === null ? null : { ...query, text: text || null };
}
