import { onActivated, shallowRef, watch } from 'vue';
import type { NormStatistics } from '#core/contract/normStatistics.ts';
import { useLab } from '../client/useLab.ts';
import { useEvaluationStore } from './state/evaluationStore.ts';

/**
 * What the checkpoint that is to be evaluated stores: whose weights, which statistics. Null while that is not known:
 * then every choice is offered, and the lab says what is not there.
 */
export function useStoredFacts() {
  const lab = useLab();
  const store = useEvaluationStore();
  const facts = shallowRef<NormStatistics | null>(null);

  async function read(): Promise<void> {
    const runId = store.run?.runId;
    const { checkpoint } = store.choices;
    const isStill = (): boolean => store.run?.runId === runId && store.choices.checkpoint === checkpoint;
    if (runId === undefined) return;
    const found = await lab.call('run.statistics', { runId, checkpoint }).catch(() => null);
    if (isStill()) facts.value = found;
  }

  watch(
    () => [store.run?.runId, store.choices.checkpoint, store.run?.lastCheckpointAt] as const,
    ([runId], former) => {
      if (runId !== former?.[0]) facts.value = null;
      void read();
    },
    { immediate: true },
  );
  // Statistics can be measured and put back in another panel meanwhile.
  onActivated(() => void read());
  return facts;
}
