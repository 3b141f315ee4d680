import type { GraphDocument } from '../../document/schema.ts';
import type { ShapedGraph } from '../../graph/shapedGraph.ts';
import type { Message } from '../../words/message.ts';
import { planCaffe } from './caffePlan.ts';
import { lossNotes } from './descriptions.ts';

/** What Caffe 1.0 cannot express, for which an export is refused, then what it expresses in another way. */
export function caffeNotes(graph: ShapedGraph, document: GraphDocument): readonly Message[] {
  const { refusals, notes } = planCaffe(graph);
  return [...refusals, ...notes, ...lossNotes(document, graph.logitCount)];
}
