import type { RunFeatures } from '#core/contract/runResult.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { headEpochsOf, headPhaseGraph } from '#core/training/headPhase.ts';
import { networkOf } from '../compute/network.ts';

/** A phase of a run that is still to be trained. */
export interface Ahead {
  readonly phase: RunFeatures['phase'];
  /** With what is frozen in this phase. */
  readonly graph: ShapedGraph;
  /** Epochs left. */
  readonly epochs: number;
}

/**
 * The phases of a run after `epoch` epochs: the head phase first, where it has epochs left, and always the other one,
 * whose programs describe the run.
 */
export function phasesAhead(document: GraphDocument, graph: ShapedGraph, epoch: number): Ahead[] {
  const { epochs } = document.training;
  const headEpochs = headEpochsOf(document.training);
  const all: Ahead = { phase: 'all', graph, epochs: epochs - Math.max(epoch, headEpochs) };
  if (headEpochs <= epoch) return [all];
  const network = networkOf({ ...document, graph: headPhaseGraph(document.graph) });
  return [{ phase: 'head', graph: network, epochs: headEpochs - epoch }, all];
}
