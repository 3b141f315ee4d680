import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { PairKey } from '#core/contract/pairCalls.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { PairPreset } from '#core/evaluation/pairPresets.ts';
import type { PairRecord } from '#core/evaluation/pairRecord.ts';
import { useLab } from '../../client/useLab.ts';
import { workAfter, type Work } from '../../runs/work.ts';
import { useEvaluationStore } from '../state/evaluationStore.ts';
import {
  FIRST_PAIR,
  isSameNetwork,
  pairParams,
  presetChoices,
  type PairChoices,
  type SideChoice,
} from './pairChoices.ts';

type Task =
  | { readonly kind: 'working'; readonly taskId: string; readonly work: Work }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** The two networks that are compared, and the comparison that is shown. */
export const usePairStore = defineStore('pair', () => {
  const lab = useLab();
  const evaluation = useEvaluationStore();
  const run = computed(() => evaluation.run?.runId);
  const chosen = usePairChoices(() => run.value);
  const { isSame, params } = chosen;
  const task = shallowRef<Task | null>(null);
  const shown = shallowRef<{ readonly key: PairKey; readonly record: PairRecord } | null>(null);

  lab.on('evaluationProgress', ({ taskId, progress }) => {
    const now = task.value;
    if (now?.kind === 'working' && now.taskId === taskId)
      task.value = { ...now, work: workAfter(now.work, progress, Date.now()) };
  });

  /** Evaluates what is missing, then compares both; shows the result. */
  async function compare(): Promise<void> {
    if (params.value === null || task.value?.kind === 'working') return;
    const taskId = crypto.randomUUID();
    task.value = { kind: 'working', taskId, work: workAfter(undefined, null, Date.now()) };
    try {
      const key = await lab.call('pair.compare', { ...params.value, taskId });
      shown.value = { key, record: await lab.call('pair.open', { ...key, taskId }) };
      task.value = null;
    } catch (thrown) {
      const error = toErrorData(thrown);
      task.value = error.code === 'interrupted' ? null : { kind: 'failed', error };
    }
  }

  async function cancel(): Promise<void> {
    const now = task.value;
    // A comparison that has just ended needs no cancelling.
    if (now?.kind === 'working') await lab.call('pair.cancel', { taskId: now.taskId }).catch(() => undefined);
  }

  return {
    ...chosen,
    ...{ task, shown, compare, cancel },
    canCompare: computed(
      () =>
        lab.connection.value.kind === 'open' &&
        params.value !== null &&
        !isSame.value &&
        task.value?.kind !== 'working',
    ),
    forget: () => {
      if (task.value?.kind === 'failed') task.value = null;
    },
  };
});

/** Which networks are compared on which images. `run`: the run that the panel shows. */
function usePairChoices(run: () => string | undefined) {
  const choices = shallowRef<PairChoices>(FIRST_PAIR);

  function choose(change: Partial<PairChoices>): void {
    choices.value = { ...choices.value, ...change };
  }

  function chooseSide(side: 'first' | 'second', change: Partial<SideChoice>): void {
    choose({ [side]: { ...choices.value[side], ...change } });
  }

  function swap(): void {
    const { first, second } = choices.value;
    choose({ first: second, second: first });
  }

  return {
    ...{ choices, choose, chooseSide, swap },
    applyPreset: (preset: PairPreset) => choose(presetChoices(choices.value, preset)),
    isSame: computed(() => isSameNetwork(choices.value, run())),
    /** The choices as the lab gets them; null while a run or a folder is missing. */
    params: computed(() => pairParams(choices.value, run())),
  };
}
