import type { RunState } from '#core/contract/run.ts';
import { isLive } from './workflow.ts';

/** A project as far as runs are told apart by it; the hash is asked for only where an id is missing. */
interface Owner {
  readonly id: string;
  hash(): string;
}

/**
 * True for a run that was started from the project; one that names none belongs to it when it trained the very same
 * settings.
 */
export function belongsTo({ project }: RunState, owner: Owner): boolean {
  if (project === null) return false;
  if (project.id !== null) return project.id === owner.id;
  return project.hash !== null && project.hash === owner.hash();
}

/**
 * The run that the panels show: the one that was picked among those `shown`, else the one that trains, else the newest
 * of the project's `own`; null where the project has none.
 */
export function runInView(
  own: readonly RunState[],
  shown: readonly RunState[],
  pickedId: string | undefined,
): RunState | null {
  return shown.find(({ runId }) => runId === pickedId) ?? own.find(isLive) ?? own[0] ?? null;
}

/** The name of a run; one of another project carries that project's name. */
export function runLabel(run: RunState, isOwn: boolean): string {
  return isOwn || run.project === null || run.project.name === run.name
    ? run.name
    : `${run.name} (${run.project.name})`;
}

/** Runs that have weights to export: those with a checkpoint, newest first as they come. */
export function exportableRuns(runs: readonly RunState[]): RunState[] {
  return runs.filter((run) => run.lastCheckpointAt !== null);
}
