import type { ShallowRef } from 'vue';
import type { RunState } from '#core/contract/run.ts';
import type { Lab } from '../client/useLab.ts';

/**
 * Keeps `runs`: all runs of the lab, newest first. `heard` is called for every state that arrives, also before this
 * returns for those that waited for a listener; `gone` is called for every deleted run.
 */
export function useRunList(
  lab: Lab,
  runs: ShallowRef<readonly RunState[]>,
  told: { heard(state: RunState): void; gone(runId: string): void },
): {
  find(runId: string): RunState | undefined;
  take(state: RunState): void;
  /** Reads the whole list again. */
  refresh(): Promise<void>;
} {
  const find = (runId: string): RunState | undefined => runs.value.find((run) => run.runId === runId);

  function take(state: RunState): void {
    runs.value = find(state.runId)
      ? runs.value.map((run) => (run.runId === state.runId ? state : run))
      : [state, ...runs.value];
    told.heard(state);
  }

  lab.on('runState', ({ state }) => take(state));
  lab.on('runDeleted', ({ runId }) => {
    runs.value = runs.value.filter((run) => run.runId !== runId);
    told.gone(runId);
  });
  return {
    find,
    take,
    refresh: async () => {
      const former = runs.value;
      runs.value = await lab.call('run.list', {});
      for (const { runId } of former) if (!find(runId)) told.gone(runId);
      for (const run of runs.value) told.heard(run);
    },
  };
}
