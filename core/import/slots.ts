import { buildStateLayout } from '../compile/stateLayout.ts';
import { optimizerPlanOf } from '../compile/optimizerPlan.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { ParameterSlot, StatisticSlot } from '../program/stateLayout.ts';

export type Slot = ParameterSlot | StatisticSlot;

/** The parameters and running statistics of a network, in the order of its state layout. */
export function slotsOf(graph: ShapedGraph, training: TrainingSettings): readonly Slot[] {
  const { parameters, statistics } = buildStateLayout(graph, optimizerPlanOf(training));
  return [...parameters, ...statistics];
}
