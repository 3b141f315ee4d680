import type { ShallowRef } from 'vue';
import type { RunState } from '#core/contract/run.ts';
import type { Lab } from '../client/useLab.ts';

/**
 * Keeps `runs`: all that the lab knows, newest first. `heard` is told of every state that comes, of those that waited for a listener
 * before this returns.
 */
export function useRunList(
  lab: Lab,
  runs: ShallowRef<readonly RunState[]>,
  heard: (state: RunState) => void,
): {
  find(runId: string): RunState | undefined;
  /** Reads the whole list anew. */
  refresh(): Promise<void>;
} {
  const find = (runId: string): RunState | undefined => runs.value.find((run) => run.runId === runId);

  function take(state: RunState): void {
    runs.value = find(state.runId)
      ? runs.value.map((run) => (run.runId === state.runId ? state : run))
      : [state, ...runs.value];
    heard(state);
  }

  lab.on('runState', ({ state }) => take(state));
  return {
    find,
    refresh: async () => {
      runs.value = await lab.call('run.list', {});
      for (const run of runs.value) heard(run);
    },
  };
}
