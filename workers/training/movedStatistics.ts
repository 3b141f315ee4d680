import { statisticsChange, type ChannelStatistics } from '#core/batchnorm/statisticsChange.ts';
import { batchNormFacts } from '#core/export/batchNormFacts.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import type { MovedStatistics } from '#core/training/policyRows.ts';
import type { RunStart } from '../import/readStart.ts';

/**
 * How far the running statistics in `state` are from those of the trained weights: the block and channel whose mean
 * moved the most, in deviations of the start. Blocks without statistics in the weights are not compared; null where
 * there are no others.
 */
export function movedStatistics(
  graph: ShapedGraph,
  layout: StateLayout,
  state: FloatArray,
  start: RunStart,
): MovedStatistics | null {
  const moves = batchNormFacts(graph).flatMap(({ node, epsilon }): MovedStatistics[] => {
    const before = statisticsOf(layout, node, ({ name }) => start.values.get(name)?.read());
    const after = statisticsOf(layout, node, ({ offset, size }) => state.subarray(offset, offset + size));
    if (before === null || after === null) return [];
    const { worst, worstChannel } = statisticsChange(before, after, epsilon).mean;
    return Number.isFinite(worst) ? [{ node, channel: worstChannel, deviations: worst }] : [];
  });
  return moves.reduce<MovedStatistics | null>(
    (most, next) => (most === null || next.deviations > most.deviations ? next : most),
    null,
  );
}

/** Null where a value is missing. */
function statisticsOf(
  { statistics }: StateLayout,
  node: string,
  read: (slot: StateLayout['statistics'][number]) => FloatArray | undefined,
): ChannelStatistics | null {
  const valuesOf = (wanted: 'mean' | 'variance'): FloatArray | undefined => {
    const slot = statistics.find((each) => each.node === node && each.field === wanted);
    return slot && read(slot);
  };
  const [mean, variance] = [valuesOf('mean'), valuesOf('variance')];
  return mean === undefined || variance === undefined ? null : { mean, variance };
}
