import { computed, shallowRef } from 'vue';
import { exportableRuns } from '../../runs/ownRuns.ts';
import { useRunStore } from '../../runs/runStore.ts';

/**
 * The run whose evaluations are listed: the one chosen here, else that of the Train panel, else the newest with
 * weights. Runs of other projects can be chosen too, those of the open project come first.
 */
export function useEvaluatedRun() {
  const store = useRunStore();
  const chosen = shallowRef<string | null>(null);
  const runs = computed(() => exportableRuns([...store.own, ...store.others]));
  const run = computed(() => {
    const wanted = [chosen.value, store.current?.runId];
    const named = wanted.map((id) => runs.value.find(({ runId }) => runId === id));
    return named.find((found) => found !== undefined) ?? runs.value[0];
  });
  const chooseRun = (runId: string): void => {
    chosen.value = runId;
  };
  return { runs, run, chooseRun };
}
