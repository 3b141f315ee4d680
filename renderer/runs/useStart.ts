import { toErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../client/useLab.ts';
import type { Workflow, WorkflowEvent } from './workflow.ts';

/** What a start is made of. */
export interface StartRequest {
  readonly projectId: string;
  readonly project: string;
  readonly train: string;
  readonly validation: string | null;
}

/** Carries an event into the workflow of a project, and gives where that stands then. */
export type MoveWorkflow = (projectId: string, event: WorkflowEvent) => Workflow;

/**
 * Planning and starting a run of the project in front. `request` is asked anew at each step, and gives null while
 * nothing can be asked for; answers go to the project that was asked about, whatever is in front by then.
 */
export function useStart(lab: Lab, move: MoveWorkflow, request: () => StartRequest | null) {
  /** Number of the newest plan asked for; older answers are passed over. */
  let turn = 0;
  let newest: Promise<void> = Promise.resolve();

  function refuse(projectId: string, thrown: unknown): void {
    move(projectId, { kind: 'refused', problems: [toErrorData(thrown)] });
  }

  async function ask(): Promise<void> {
    const wanted = request();
    if (wanted === null) return;
    const { projectId, ...asked } = wanted;
    turn += 1;
    const mine = turn;
    move(projectId, { kind: 'planAsked' });
    try {
      const answer = await lab.call('run.plan', asked);
      if (mine === turn) move(projectId, { kind: 'planCame', plan: answer });
    } catch (thrown) {
      if (mine === turn) refuse(projectId, thrown);
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

  /**
   * Plans anew and starts when nothing forbids it; the run's id, or null. Nothing is started when another project has
   * come to the front meanwhile.
   */
  async function start(name: string): Promise<string | null> {
    const projectId = request()?.projectId;
    await planToTheEnd();
    const wanted = request();
    if (wanted === null || wanted.projectId !== projectId) return null;
    if (move(projectId, { kind: 'startAsked' }).kind !== 'starting') return null;
    const { projectId: _known, ...asked } = wanted;
    try {
      return (await lab.call('run.start', { ...asked, name })).runId;
    } catch (thrown) {
      refuse(projectId, thrown);
      return null;
    }
  }

  return { plan, start };
}
