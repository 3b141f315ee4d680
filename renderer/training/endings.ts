import type { RunState } from '#core/contract/run.ts';
import { shareDone } from '../runs/runNames.ts';
import { isMoving } from '../runs/workflow.ts';

/**
 * Runs that trained before and have ended by themselves: finished, or failed. A run that the user stopped is not
 * reported.
 */
export function endingsOf(before: readonly RunState[], now: readonly RunState[]): RunState[] {
  return before.filter(isMoving).flatMap(({ runId }) => {
    const state = now.find((run) => run.runId === runId);
    return state !== undefined && (state.phase === 'finished' || state.phase === 'failed') ? [state] : [];
  });
}

/**
 * `43 % · * birds – NormLab`: the title of the page, with the progress of the training run, and its name where it
 * belongs to another project.
 */
export function pageTitle(now: {
  readonly appName: string;
  readonly project: string | null;
  readonly isDirty: boolean;
  readonly live: RunState | null;
  readonly isOwn: boolean;
}): string {
  const { appName, project, isDirty, live, isOwn } = now;
  const base = project === null ? appName : `${isDirty ? '* ' : ''}${project} – ${appName}`;
  if (live === null) return base;
  const share = live.progress === null ? shareDone(live) : null;
  const percent = share === null ? '…' : `${String(Math.floor(share * 100))} %`;
  return `${percent}${isOwn ? '' : ` ${live.name}`} · ${base}`;
}
