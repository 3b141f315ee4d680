import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { LabResult } from '#core/contract/labApi.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import { FIRST_CHOICES, type EvaluationChoices } from '../state/evaluationChoices.ts';
import { useEvaluationStore } from '../state/evaluationStore.ts';
import type { ShownEvaluation } from '../state/useShownEvaluation.ts';

type FoldRun = LabResult<'doubt.sources'>['missing'][number];

/** A fold that could not be evaluated. */
interface FoldFailure extends FoldRun {
  readonly error: AppErrorData;
}

type FoldState =
  | { readonly kind: 'idle'; readonly failures: readonly FoldFailure[] }
  | {
      readonly kind: 'working';
      readonly runs: readonly FoldRun[];
      /** Index of the fold that is being evaluated. */
      readonly at: number;
      readonly failures: readonly FoldFailure[];
    };

/**
 * Evaluates the other folds of a cross-validation, one after the other, each on the part that it held out. The work
 * goes on while other views are shown.
 */
export const useFoldStore = defineStore('folds', () => {
  const evaluation = useEvaluationStore();
  const state = shallowRef<FoldState>({ kind: 'idle', failures: [] });
  /** Incremented when the work ends. */
  const endings = shallowRef(0);
  let isCancelled = false;

  /** The fold that is being evaluated; null at other times. */
  const current = computed(() => {
    if (state.value.kind !== 'working') return null;
    const { runs, at } = state.value;
    return runs[at] ?? null;
  });

  /** Evaluates what is missing with the settings of `shown`. A fold that fails is recorded, and the next one begins. */
  async function evaluate({ record }: ShownEvaluation, runs: readonly FoldRun[]): Promise<void> {
    if (state.value.kind === 'working' || runs.length === 0) return;
    isCancelled = false;
    const failures: FoldFailure[] = [];
    for (const [at, { runId, run }] of runs.entries()) {
      if (isCancelled) break;
      state.value = { kind: 'working', runs, at, failures: [...failures] };
      await evaluation.evaluateRun(runId, choicesLike(record));
      const task = evaluation.taskOf(runId);
      if (task?.kind === 'failed') failures.push({ runId, run, error: task.error });
    }
    state.value = { kind: 'idle', failures };
    endings.value += 1;
  }

  /** Ends with the fold that is being evaluated, which leaves nothing; those that are done stay. */
  async function cancel(): Promise<void> {
    isCancelled = true;
    if (current.value !== null) await evaluation.cancelRun(current.value.runId);
  }

  return {
    ...{ state, endings, current, evaluate, cancel },
    /** What the evaluation of the current fold is doing. */
    task: computed(() => (current.value === null ? undefined : evaluation.taskOf(current.value.runId))),
  };
});

/** The network of a fold that is to be judged with that of `record`: the same weights under the same statistics. */
function choicesLike({ model }: ShownEvaluation['record']): EvaluationChoices {
  return {
    ...FIRST_CHOICES,
    checkpoint: model.checkpoint,
    weights: model.weights,
    statistics: model.statistics === 'exact' ? 'exact' : 'moving',
  };
}
