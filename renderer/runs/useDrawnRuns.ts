import { computed, shallowRef, type Ref } from 'vue';
import { z } from 'zod';
import type { RunState } from '#core/contract/run.ts';
import type { DrawnRun } from '../charts/lines.ts';
import { oncePerFrame } from '../ui/oncePerFrame.ts';
import { SeriesLibrary } from '../series/seriesLibrary.ts';
import type { Lab } from '../client/useLab.ts';
import { remembered } from '../app/remembered.ts';
import { COLOR_COUNT, colorsOf, colorsWith, colorToken } from './runColors.ts';
import { isMoving } from './workflow.ts';

const colorSchema = z.object({
  colors: z
    .record(
      z.string(),
      z
        .number()
        .int()
        .min(0)
        .max(COLOR_COUNT - 1),
    )
    .catch({})
    .default({}),
});

/** The drawn runs, their colours, and their metrics. `failed` is called when a run's metrics cannot be read. */
export function useDrawnRuns(lab: Lab, runs: Ref<readonly RunState[]>, failed: (thrown: unknown) => void) {
  const palette = usePalette();
  const drawnIds = shallowRef<readonly string[]>([]);
  /** Colour number of each drawn run. */
  const colors = computed(
    (): ReadonlyMap<string, number> =>
      new Map(drawnIds.value.map((runId) => [runId, palette.all.value.get(runId) ?? 0])),
  );
  /** Incremented when metrics change, at most once per frame: charts watch it. */
  const version = shallowRef(0);
  const library = new SeriesLibrary(
    (runId, from) => lab.call('run.metrics', { runId, from }),
    oncePerFrame(() => (version.value += 1)),
  );
  lab.on('metrics', ({ runId, first, events }) => library.take(runId, first, events));

  /** Incremented when a run's metrics are read anew. */
  const restarts = shallowRef(0);
  const drawn = computed((): DrawnRun[] =>
    runs.value.flatMap((run) => {
      const color = colors.value.get(run.runId);
      const series = restarts.value < 0 ? undefined : library.get(run.runId);
      if (color === undefined || series === undefined) return [];
      return [{ runId: run.runId, name: run.name, color: colorToken(color), series }];
    }),
  );

  /** Adds a run to the charts or removes it from them. */
  function draw({ runId, ...run }: RunState, isDrawn: boolean): void {
    const others = drawnIds.value.filter((other) => other !== runId);
    if (isDrawn) {
      palette.all.value = colorsWith(runId, others, palette.all.value);
      library.follow(runId).catch((thrown: unknown) => {
        // A run that is still being prepared has nothing on disk: its metrics arrive live, from the first on.
        if (!isMoving({ runId, ...run })) failed(thrown);
      });
    }
    drawnIds.value = isDrawn ? [...others, runId] : others;
  }

  return {
    colors,
    version,
    drawn,
    draw,
    heard: onTakenUp((runId) => {
      library.restart(runId);
      restarts.value += 1;
    }),
    /** Assigns each run of the lab a colour, and drops the colours of deleted runs. */
    colorAll: () => palette.keep(runs.value.map(({ runId }) => runId)),
    refill: () => library.refill(),
  };
}

/** The colours of all runs, kept between starts. */
function usePalette() {
  const kept = remembered('normlab.runColors', colorSchema);
  const all = computed({
    get: (): ReadonlyMap<string, number> => new Map(Object.entries(kept.value.colors)),
    set: (next) => {
      kept.value = { colors: Object.fromEntries(next) };
    },
  });
  /** `runIds`: newest first, as the lab lists them. */
  const keep = (runIds: readonly string[]): void => {
    all.value = colorsOf(runIds.toReversed(), all.value);
  };
  return { all, keep };
}

/** Handles each state of a run. Resuming truncates a run's file at the checkpoint: `restart` reads its metrics anew. */
function onTakenUp(restart: (runId: string) => void): (state: RunState) => void {
  const preparing = new Set<string>();
  /** The reading of the metrics of each run that trains elsewhere. */
  const readings = new Map<string, number>();
  return ({ runId, phase, remote }) => {
    if (remote !== undefined) {
      if ((readings.get(runId) ?? remote.reading) !== remote.reading) restart(runId);
      readings.set(runId, remote.reading);
    } else if (phase === 'preparing') preparing.add(runId);
    else if (preparing.delete(runId)) restart(runId);
  };
}
