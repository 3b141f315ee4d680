import { computed, shallowRef, type Ref } from 'vue';
import type { RunState } from '#core/contract/run.ts';
import type { DrawnRun } from '../charts/lines.ts';
import { oncePerFrame } from '../charts/oncePerFrame.ts';
import { SeriesLibrary } from '../charts/seriesLibrary.ts';
import type { Lab } from '../client/useLab.ts';
import { isLive } from './workflow.ts';

/** Colours for runs drawn together: `--series-1` … of the theme. */
const COLORS = 6;

/** Which runs are drawn, in which colour, and their numbers. `failed` hears when a run's numbers cannot be read. */
export function useDrawnRuns(lab: Lab, runs: Ref<readonly RunState[]>, failed: (thrown: unknown) => void) {
  /** Colour number of each run that is drawn. */
  const colors = shallowRef<ReadonlyMap<string, number>>(new Map());
  /** Counts changes of metrics, at most one a frame: what draws them watches it. */
  const version = shallowRef(0);
  const library = new SeriesLibrary(
    (runId, from) => lab.call('run.metrics', { runId, from }),
    oncePerFrame(() => (version.value += 1)),
  );
  lab.on('metrics', ({ runId, first, events }) => library.take(runId, first, events));

  const drawn = computed((): DrawnRun[] =>
    runs.value.flatMap((run) => {
      const color = colors.value.get(run.runId);
      const series = library.get(run.runId);
      if (color === undefined || series === undefined) return [];
      return [{ runId: run.runId, name: run.name, color: `--series-${color + 1}`, series }];
    }),
  );

  /** Adds a run to the charts or takes it off them. */
  function draw(run: RunState, isDrawn: boolean): void {
    const next = new Map(colors.value);
    if (!isDrawn) next.delete(run.runId);
    else if (!next.has(run.runId)) next.set(run.runId, freeColor(next));
    if (isDrawn) follow(run);
    colors.value = next;
  }

  function follow(run: RunState): void {
    library.follow(run.runId, stepsPerEpoch(run)).catch((thrown: unknown) => {
      // A run that is still being prepared has nothing on disk: its numbers will come live, from the first on.
      if (!isLive(run)) failed(thrown);
    });
  }

  return {
    colors,
    version,
    drawn,
    draw,
    /** The length of an epoch is known only when a run has been prepared. */
    place: (run: RunState) => library.place(run.runId, stepsPerEpoch(run)),
    refill: () => library.refill(),
  };
}

function freeColor(used: ReadonlyMap<string, number>): number {
  const taken = new Set(used.values());
  const free = Array.from({ length: COLORS }, (_, color) => color).find((color) => !taken.has(color));
  return free ?? used.size % COLORS;
}

function stepsPerEpoch(run: RunState): number {
  return Math.max(1, run.steps / Math.max(1, run.epochs));
}
