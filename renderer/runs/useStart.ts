import type { ShallowRef } from 'vue';
import { toErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../client/useLab.ts';
import { nextWorkflow, type Workflow, type WorkflowEvent } from './workflow.ts';

/** What a start is made of; null while it cannot be asked for. */
export interface StartRequest {
  readonly project: string;
  readonly train: string;
  readonly validation: string | null;
}

/** Planning and starting a run of the project. `request` is asked anew at each step. */
export function useStart(lab: Lab, workflow: ShallowRef<Workflow>, request: () => StartRequest | null) {
  /** Number of the newest plan asked for; older answers are passed over. */
  let turn = 0;
  let newest: Promise<void> = Promise.resolve();

  function move(event: WorkflowEvent): Workflow {
    workflow.value = nextWorkflow(workflow.value, event);
    return workflow.value;
  }

  function refuse(thrown: unknown): void {
    move({ kind: 'refused', problems: [toErrorData(thrown)] });
  }

  async function ask(): Promise<void> {
    const wanted = request();
    if (wanted === null) return;
    turn += 1;
    const mine = turn;
    move({ kind: 'planAsked' });
    try {
      const answer = await lab.call('run.plan', wanted);
      if (mine === turn) move({ kind: 'planCame', plan: answer });
    } catch (thrown) {
      if (mine === turn) refuse(thrown);
    }
  }

  /** Asks the host what a start would do. */
  function plan(): Promise<void> {
    newest = ask();
    return newest;
  }

  /** Plans anew; when others ask meanwhile (the Train tab does as it opens), theirs is the answer that counts. */
  async function planToTheEnd(): Promise<void> {
    let waited = plan();
    await waited;
    while (waited !== newest) {
      waited = newest;
      await waited;
    }
  }

  /** Plans anew and starts when nothing forbids it; the run's id, or null. */
  async function start(name: string): Promise<string | null> {
    await planToTheEnd();
    const wanted = request();
    if (wanted === null || move({ kind: 'startAsked' }).kind !== 'starting') return null;
    try {
      return (await lab.call('run.start', { ...wanted, name })).runId;
    } catch (thrown) {
      refuse(thrown);
      return null;
    }
  }

  return { move, plan, start };
}
