import { elementCount } from '../program/shape.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';
import type { OptimizerPlan } from '../program/optimizer.ts';
import type { ParameterSlot, StateLayout, StatisticSlot } from '../program/stateLayout.ts';

/**
 * Lays out all parameters, then all running statistics, then the optimizer's moments, then the weight averages in one
 * array, without gaps and in the graph's topological order. Every block has its slots, even one that does not reach the
 * Output, so that a checkpoint holds the whole graph.
 */
export function buildStateLayout(graph: ShapedGraph, optimizer: OptimizerPlan): StateLayout {
  const parameters = placeParameters(graph.order);
  const parameterSize = endOf(parameters, 0);
  const statistics = placeStatistics(graph.order, parameterSize);
  const momentsStart = endOf(statistics, parameterSize);
  const moments = optimizer.moments.length;
  const momentsEnd = momentsStart + moments * parameterSize;
  const hasAverages = optimizer.averageDecay !== undefined;
  return {
    parameters,
    statistics,
    parameterSize,
    statisticsOffset: parameterSize,
    statisticsSize: momentsStart - parameterSize,
    moments,
    momentOffsets: Array.from({ length: moments }, (_, index) => momentsStart + index * parameterSize),
    ...(hasAverages ? { averageOffset: momentsEnd } : {}),
    totalSize: momentsEnd + (hasAverages ? momentsStart : 0),
  };
}

function placeParameters(nodes: readonly ShapedNode[]): ParameterSlot[] {
  let offset = 0;
  return nodes.flatMap((node) =>
    node.parameters.map((declared) => {
      const size = elementCount(declared.dims);
      const slot = { ...declared, name: `${node.id}.${declared.field}`, node: node.id, offset, size };
      offset += size;
      return slot;
    }),
  );
}

function placeStatistics(nodes: readonly ShapedNode[], start: number): StatisticSlot[] {
  const slots: StatisticSlot[] = [];
  let offset = start;
  for (const node of nodes) {
    const size = node.statisticChannels;
    if (size === 0) continue;
    for (const field of ['mean', 'variance'] as const) {
      const initial = field === 'mean' ? 0 : 1;
      slots.push({ name: `${node.id}.${field}`, node: node.id, field, dims: [size], offset, size, initial });
      offset += size;
    }
  }
  return slots;
}

function endOf(slots: readonly { offset: number; size: number }[], start: number): number {
  const last = slots.at(-1);
  return last === undefined ? start : last.offset + last.size;
}
