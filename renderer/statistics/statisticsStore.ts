import { defineStore } from 'pinia';
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import type { NormStatistics } from '#core/contract/normStatistics.ts';
import type { RunState } from '#core/contract/run.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { useLab, type Lab } from '../client/useLab.ts';
import { exportableRuns } from '../runs/ownRuns.ts';
import { isLive } from '../runs/workflow.ts';
import { useWorks } from './useWorks.ts';
import { useRunStore } from '../runs/runStore.ts';

/** The state of a run's stored statistics on this page. */
type StatisticsView =
  | { readonly kind: 'none' }
  /** The run trains: its statistics change with every step. */
  | { readonly kind: 'live' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly statistics: NormStatistics }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** The stored BatchNorm statistics of a run, their exact measurement and its undoing. */
export const useStatisticsStore = defineStore('statistics', () => {
  const lab = useLab();
  const { runs, run, choose } = useChosenRun();
  const shown = useShown(lab, run);
  const { works, isOwn, during } = useWorks(lab, (runId) => {
    if (shown.isFor(runId)) void shown.load(runId);
  });

  /** Runs `act` on the selected run, and shows the result unless another run has been selected by then. */
  async function withRun(act: (runId: string) => Promise<StatisticsView>): Promise<void> {
    const runId = run.value?.runId;
    if (runId === undefined || isOwn(runId)) return;
    shown.error.value = null;
    await during(runId, async () => {
      try {
        const next = await act(runId);
        if (shown.isFor(runId)) shown.known.value = next;
      } catch (thrown) {
        const failure = toErrorData(thrown);
        if (shown.isFor(runId) && failure.code !== 'interrupted') shown.error.value = failure;
      }
    });
  }

  return {
    runs,
    run,
    choose,
    view: shown.view,
    error: shown.error,
    work: computed(() => (run.value === undefined ? undefined : works.value.get(run.value.runId))),
    /** Pools `batches`, or all images. */
    recalibrate: (batches: number | null) =>
      withRun(async (runId) => ({
        kind: 'ready',
        statistics: await lab.call('run.recalibrate', { runId, batches }),
      })),
    undo: () =>
      withRun(async (runId) => ({
        kind: 'ready',
        statistics: await lab.call('run.undoRecalibration', { runId }),
      })),
    cancel: async () => {
      const runId = run.value?.runId;
      // Work that has just ended needs no cancelling.
      if (runId !== undefined) await lab.call('run.cancelRecalibration', { runId }).catch(() => undefined);
    },
  };
});

/** The selected run: the one chosen here, else that of the Train panel, else the newest with weights. */
function useChosenRun() {
  const store = useRunStore();
  const chosen = shallowRef<string | null>(null);
  const runs = computed(() => exportableRuns(store.runs));
  const run = computed(() => {
    const wanted = [chosen.value, store.current?.runId];
    const named = wanted.map((id) => runs.value.find(({ runId }) => runId === id));
    return named.find((found) => found !== undefined) ?? runs.value[0];
  });
  const choose = (runId: string): void => {
    chosen.value = runId;
  };
  return { runs, run, choose };
}

/** The statistics of the selected run; read when it is selected and when its training ends. */
function useShown(lab: Lab, run: ComputedRef<RunState | undefined>) {
  const known = shallowRef<StatisticsView>({ kind: 'none' });
  /** Why the last measurement or undoing failed. */
  const error = shallowRef<AppErrorData | null>(null);
  const isFor = (runId: string): boolean => run.value?.runId === runId;

  async function load(runId: string): Promise<void> {
    known.value = { kind: 'loading' };
    error.value = null;
    const answer = await lab.call('run.statistics', { runId }).then(
      (statistics): StatisticsView => ({ kind: 'ready', statistics }),
      (thrown: unknown): StatisticsView => ({ kind: 'failed', error: toErrorData(thrown) }),
    );
    if (isFor(runId)) known.value = answer;
  }

  watch(
    () => (run.value === undefined || isLive(run.value) ? null : run.value.runId),
    (runId) => {
      if (runId !== null) void load(runId);
    },
    { immediate: true },
  );
  const view = computed<StatisticsView>(() => {
    if (run.value === undefined) return { kind: 'none' };
    return isLive(run.value) ? { kind: 'live' } : known.value;
  });
  return { known, error, view, isFor, load };
}
