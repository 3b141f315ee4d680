import type { FloatArray } from '#core/program/floatArray.ts';
import { meanOf, statisticsChange, type ChannelStatistics } from '#core/batchnorm/statisticsChange.ts';
import type { NormStatistics } from '#core/contract/normStatistics.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import {
  batchNormFacts,
  measuresBatch,
  statisticsOrigin,
  type BatchNormFacts,
} from '#core/export/batchNormFacts.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { loadCheckpoint } from './checkpoint.ts';
import { weightsStart, type WeightsChoice } from './exactStatisticsFile.ts';
import { loadRun } from './loadModel.ts';

/**
 * The stored BatchNorm statistics of a run, of its averaged weights where it keeps them. For exact statistics also how
 * they were measured, and their distance from the moving averages beside them. Throws `AppError` as `loadRun` does.
 */
export async function readNormStatistics(
  folder: string,
  choice?: WeightsChoice,
  which: CheckpointChoice = 'last',
): Promise<NormStatistics> {
  const { run, model, weights, checkpoint } = await loadRun(folder, choice, which);
  const { layout, graph, state } = model;
  const kind = model.provenance.statistics;
  const resumed = state.slice();
  await loadCheckpoint(run, layout, resumed, 'training', which);
  const moving = resumed.subarray(weightsStart(layout, weights));
  const blocks = batchNormFacts(graph).map((facts) => {
    const block = must(graph.byId.get(facts.node), `block ${facts.node}`);
    const isMeasurable = measuresBatch(block);
    const stored = channelsOf(layout, state, facts);
    const isExact = kind === 'exact' && isMeasurable;
    return {
      ...{ node: facts.node, name: block.name, channels: facts.channels, isMeasurable },
      batchesSeen: statisticsOrigin(model, facts).batchesSeen,
      variance: meanOf(stored.variance),
      change: isExact ? statisticsChange(channelsOf(layout, moving, facts), stored, facts.epsilon) : null,
    };
  });
  const pass = weights === 'ema' ? checkpoint.averagePass : checkpoint.pass;
  return { weights, checkpoint: which, kind, pass: kind === 'exact' ? pass : null, blocks };
}

/** The statistics of a block in a state array that begins with the weights' own state. */
function channelsOf(layout: StateLayout, state: FloatArray, { node }: BatchNormFacts): ChannelStatistics {
  const of = (field: 'mean' | 'variance'): FloatArray => {
    const slot = layout.statistics.find((each) => each.node === node && each.field === field);
    const { offset, size } = must(slot, `${field} of ${node}`);
    return state.subarray(offset, offset + size);
  };
  return { mean: of('mean'), variance: of('variance') };
}
