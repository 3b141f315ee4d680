import { shallowRef } from 'vue';
import { z } from 'zod';
import type { EvaluationKey } from '#core/contract/evaluationCalls.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { remembered } from '../../app/remembered.ts';
import type { Lab } from '../../client/useLab.ts';

/** An evaluation with its figures. */
export interface ShownEvaluation {
  readonly key: EvaluationKey;
  readonly record: EvaluationRecord;
}

/** Runs whose last shown evaluation is remembered. */
const MOST_REMEMBERED = 50;
const pair = z.tuple([z.string(), z.string()]);
const schema = z.object({ shown: z.array(pair).max(MOST_REMEMBERED).catch([]).default([]) });

/** The evaluation that the views show. Which one was shown last is remembered for each run. */
export function useShownEvaluation(lab: Lab) {
  const kept = remembered('normlab.evaluation', schema);
  const shown = shallowRef<ShownEvaluation | null>(null);
  /** The one that is being read. */
  const opening = shallowRef<EvaluationKey | null>(null);
  const openError = shallowRef<AppErrorData | null>(null);

  /** Reads an evaluation and shows it, unless another one has been asked for by then. */
  async function show(key: EvaluationKey): Promise<void> {
    opening.value = key;
    openError.value = null;
    if (shown.value?.key.runId !== key.runId) shown.value = null;
    try {
      const record = await lab.call('evaluation.open', key);
      if (opening.value !== key) return;
      shown.value = { key, record };
      const others = kept.value.shown.filter(([runId]) => runId !== key.runId);
      kept.value = {
        shown: [[key.runId, key.id] as const, ...others].slice(0, MOST_REMEMBERED).map(([a, b]) => [a, b]),
      };
    } catch (thrown) {
      if (opening.value !== key) return;
      shown.value = null;
      openError.value = toErrorData(thrown);
    }
    opening.value = null;
  }

  function clear(): void {
    shown.value = null;
    opening.value = null;
    openError.value = null;
  }

  return {
    shown,
    opening,
    openError,
    show,
    clear,
    /** True where an evaluation of the run is shown or is being read. */
    isOf: (runId: string): boolean => (opening.value ?? shown.value?.key)?.runId === runId,
    /** Id of the evaluation of a run that was shown last; undefined where none was. */
    lastOf: (runId: string): string | undefined => kept.value.shown.find(([run]) => run === runId)?.[1],
  };
}
