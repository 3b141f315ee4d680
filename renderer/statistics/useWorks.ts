import { shallowRef, watch } from 'vue';
import type { Lab } from '../client/useLab.ts';
import { workAfter, type Work } from '../runs/work.ts';

/**
 * The recalibrations in progress in the lab, started by any page; `endedElsewhere` is called for those that another
 * page started.
 */
export function useWorks(lab: Lab, endedElsewhere: (runId: string) => void) {
  const works = shallowRef<ReadonlyMap<string, Work>>(new Map());
  const own = new Set<string>();

  function set(runId: string, next: Work | null): void {
    const all = new Map(works.value);
    if (next === null) all.delete(runId);
    else all.set(runId, next);
    works.value = all;
  }

  lab.on('recalibration', ({ runId, progress }) => {
    if (progress !== null) set(runId, workAfter(works.value.get(runId), progress, Date.now()));
    else if (!own.has(runId)) {
      set(runId, null);
      endedElsewhere(runId);
    }
  });
  // Work of a lab that has ended is over.
  watch(
    () => lab.connection.value.kind,
    (kind) => {
      if (kind !== 'open') works.value = new Map();
    },
  );

  return {
    works,
    isOwn: (runId: string): boolean => own.has(runId),
    /** Counts `act` as work on the run until it ends. */
    async during(runId: string, act: () => Promise<void>): Promise<void> {
      own.add(runId);
      set(runId, workAfter(undefined, null, Date.now()));
      try {
        await act();
      } finally {
        own.delete(runId);
        set(runId, null);
      }
    },
  };
}
