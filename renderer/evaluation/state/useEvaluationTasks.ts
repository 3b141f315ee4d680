import { shallowRef } from 'vue';
import type { EvaluationKey } from '#core/contract/evaluationCalls.ts';
import type { LabResult } from '#core/contract/labApi.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../../client/useLab.ts';
import { workAfter, type Work } from '../../runs/work.ts';
import { startParams, type EvaluationChoices } from './evaluationChoices.ts';

/** The evaluation of a run that is in progress, or why the last one failed. */
export type EvaluationTask =
  | { readonly kind: 'working'; readonly taskId: string; readonly work: Work }
  | { readonly kind: 'failed'; readonly error: AppErrorData };

/** What the lab said of an evaluation that this page started, beside its figures. */
export type EvaluationOutcome = Omit<LabResult<'evaluation.start'>, 'key'>;

/** The evaluations that this page started: one at a time for each run. */
export function useEvaluationTasks(lab: Lab) {
  const tasks = shallowRef<ReadonlyMap<string, EvaluationTask>>(new Map());
  const outcomes = shallowRef<ReadonlyMap<string, EvaluationOutcome>>(new Map());

  function set(runId: string, task: EvaluationTask | null): void {
    const next = new Map(tasks.value);
    if (task === null) next.delete(runId);
    else next.set(runId, task);
    tasks.value = next;
  }

  lab.on('evaluationProgress', ({ taskId, progress }) => {
    for (const [runId, task] of tasks.value)
      if (task.kind === 'working' && task.taskId === taskId)
        set(runId, { ...task, work: workAfter(task.work, progress, Date.now()) });
  });

  /** Evaluates a run. Returns null where it failed, was cancelled, or did not begin. */
  async function start(runId: string, choices: EvaluationChoices): Promise<EvaluationKey | null> {
    const params = startParams(runId, choices);
    if (params === null || tasks.value.get(runId)?.kind === 'working') return null;
    const taskId = crypto.randomUUID();
    set(runId, { kind: 'working', taskId, work: workAfter(undefined, null, Date.now()) });
    try {
      const { key, ...outcome } = await lab.call('evaluation.start', { ...params, taskId });
      outcomes.value = new Map(outcomes.value).set(key.id, outcome);
      set(runId, null);
      return key;
    } catch (thrown) {
      const error = toErrorData(thrown);
      set(runId, error.code === 'interrupted' ? null : { kind: 'failed', error });
      return null;
    }
  }

  async function cancel(runId: string): Promise<void> {
    const task = tasks.value.get(runId);
    // An evaluation that has just ended needs no cancelling.
    if (task?.kind === 'working')
      await lab.call('evaluation.cancel', { taskId: task.taskId }).catch(() => undefined);
  }

  function forget(runId: string): void {
    if (tasks.value.get(runId)?.kind === 'failed') set(runId, null);
  }

  return { tasks, outcomes, start, cancel, forget };
}
