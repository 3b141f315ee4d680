import type { RunState } from '#core/contract/run.ts';
import { say, type Said } from '../messages/said.ts';
import { shareDone } from '../runs/runNames.ts';
import { isMoving } from '../runs/workflow.ts';
import { formatDuration, formatShare } from '../text/formatDuration.ts';

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

/** The notice about the end of a run: that it ended, and how. */
export function endingNotice({ name, phase, result, error }: RunState): {
  readonly title: Said;
  readonly more: readonly Said[];
} {
  if (phase === 'failed' || result === null)
    return {
      title: say('training.announce.failed', { name }),
      more: error === null ? [] : [error.message],
    };
  const time = formatDuration(result.seconds * 1000);
  return {
    title: say('training.announce.finished', { name }),
    more: [
      result.val === null
        ? say('training.announce.time', { time })
        : say('training.announce.accuracy', { time, accuracy: formatShare(result.val.accuracy) }),
    ],
  };
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
