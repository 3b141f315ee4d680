import type { RunState } from '#core/contract/run.ts';
import { isLive } from './workflow.ts';

/** The fields of a project that identify its runs; the hash is computed only where an id is missing. */
interface Owner {
  readonly id: string;
  hash(): string;
}

/**
 * True for a run that was started from the project; a run without a project id belongs to it when it trained exactly
 * the same settings.
 */
export function belongsTo({ project }: RunState, owner: Owner): boolean {
  if (project === null) return false;
  if (project.id !== null) return project.id === owner.id;
  return project.hash !== null && project.hash === owner.hash();
}

/**
 * The run that the panels show: the one selected among those `shown`, else the one that trains, else the newest of the
 * project's `own`; null where the project has none.
 */
export function runInView(
  own: readonly RunState[],
  shown: readonly RunState[],
  pickedId: string | undefined,
): RunState | null {
  return shown.find(({ runId }) => runId === pickedId) ?? own.find(isLive) ?? own[0] ?? null;
}

/** The name of a run; a run of another project includes that project's name. */
export function runLabel(run: RunState, isOwn: boolean): string {
  return isOwn || run.project === null || run.project.name === run.name
    ? run.name
    : `${run.name} (${run.project.name})`;
}

/** Runs that have weights to export: those with a checkpoint, in the given order. */
export function exportableRuns(runs: readonly RunState[]): RunState[] {
  return runs.filter((run) => run.lastCheckpointAt !== null);
}
