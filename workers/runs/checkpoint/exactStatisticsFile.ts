import type { FloatArray } from '#core/program/floatArray.ts';
import type { StatisticsPass } from '#core/batchnorm/statisticsPass.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import type { RunFolder } from '../folder/runFolder.ts';

/** Which of a run's weights: the trained ones, or their moving average. */
export type WeightsChoice = 'raw' | 'ema';

/** First element of the chosen weights in the state array. */
export function weightsStart(layout: StateLayout, weights: WeightsChoice): number {
  return weights === 'raw' ? 0 : must(layout.averageOffset, 'averages in the state layout');
}

/** Exact statistics in the order of the state layout, and how they were measured. */
interface FoundStatistics {
  readonly statistics: FloatArray;
  readonly pass: StatisticsPass;
}

/**
 * Replaces the moving averages in the checkpoint of `run` by exact statistics of the chosen weights. The moving
 * averages are kept beside them, and training continues from those. Null removes the exact statistics and restores the
 * moving averages bit for bit; without exact ones it changes nothing. Throws `AppError` as reading and writing a
 * checkpoint do.
 */
export async function writeExactStatistics(
  run: RunFolder,
  layout: StateLayout,
  empty: () => FloatArray,
  weights: WeightsChoice,
  found: FoundStatistics | null,
  which: CheckpointChoice = 'last',
): Promise<void> {
  const [stored, moving] = [empty(), empty()];
  const head = must(await loadCheckpoint(run, layout, stored, 'inference', which), 'checkpoint');
  await loadCheckpoint(run, layout, moving, 'training', which);
  const movingOf = (choice: WeightsChoice): FloatArray => {
    const start = weightsStart(layout, choice) + layout.statisticsOffset;
    return moving.slice(start, start + layout.statisticsSize);
  };
  stored.set(found?.statistics ?? movingOf(weights), weightsStart(layout, weights) + layout.statisticsOffset);
  const keeps = (choice: WeightsChoice, isExact: boolean, former: StatisticsPass | null) => {
    if (!(choice === weights ? found !== null : isExact)) return undefined;
    return { moving: movingOf(choice), pass: choice === weights ? (found?.pass ?? null) : former };
  };
  const raw = keeps('raw', head.statistics === 'exact', head.pass);
  const ema = keeps('ema', head.averageStatistics === 'exact', head.averagePass);
  await saveCheckpoint(run, layout, stored, head.counters, {
    ...(raw === undefined ? {} : { raw }),
    ...(ema === undefined ? {} : { ema }),
    ...(head.best === null ? {} : { best: head.best }),
    ...(head.foreign === null ? {} : { foreign: head.foreign }),
  });
}
