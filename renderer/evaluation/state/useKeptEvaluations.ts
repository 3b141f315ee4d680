import { shallowRef } from 'vue';
import type { EvaluationSummary } from '#core/contract/evaluationCalls.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../../client/useLab.ts';

/** The evaluations that are kept with a run, the newest first. */
export type KeptEvaluations =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly evaluations: readonly EvaluationSummary[] }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** The lists of evaluations that were asked for, by run. */
export function useKeptEvaluations(lab: Lab) {
  const lists = shallowRef<ReadonlyMap<string, KeptEvaluations>>(new Map());

  function set(runId: string, list: KeptEvaluations): void {
    lists.value = new Map(lists.value).set(runId, list);
  }

  /** Asks for the evaluations of a run again; a list that is known stays until the new one is there. */
  async function refresh(runId: string): Promise<readonly EvaluationSummary[]> {
    if (lists.value.get(runId)?.kind !== 'ready') set(runId, { kind: 'loading' });
    try {
      const evaluations = await lab.call('evaluation.list', { runId });
      set(runId, { kind: 'ready', evaluations });
      return evaluations;
    } catch (thrown) {
      set(runId, { kind: 'failed', error: toErrorData(thrown) });
      return [];
    }
  }

  return { lists, refresh };
}
