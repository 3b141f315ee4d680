import { toErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../client/useLab.ts';
import type { Workflow, WorkflowEvent } from './workflow.ts';

/** The data of a start. */
export interface StartRequest {
  readonly projectId: string;
  readonly project: string;
  readonly train: string;
  readonly validation: string | null;
}

/** Applies an event to the workflow of a project, and returns its new state. */
export type MoveWorkflow = (projectId: string, event: WorkflowEvent) => Workflow;

/**
 * Plans and starts a run of the active project. `request` is called at each step, and returns null while nothing can be
 * requested. Answers belong to the project that was asked about, whichever is active by then.
 */
export function useStart(lab: Lab, move: MoveWorkflow, request: () => StartRequest | null) {
  /** Number of the newest requested plan; older answers are ignored. */
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

  /** Requests a plan; if another request is made meanwhile (as when the Train tab opens), its answer counts. */
  async function planToTheEnd(): Promise<void> {
    let waited = plan();
    await waited;
    while (waited !== newest) {
      waited = newest;
      await waited;
    }
  }

  /**
   * Requests a plan and starts when nothing forbids it; returns the run's id, or null. Nothing is started when another
   * project has become active meanwhile.
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
