import type { ShapedGraph } from '../../graph/shapedGraph.ts';
import type { Message } from '../../words/message.ts';
import { writeNetwork } from './writeNetwork.ts';

/**
 * What Keras expresses in another way than the network, or not at all, one per line: blocks for which the export is
 * refused come first.
 */
export function kerasNotes(graph: ShapedGraph): readonly Message[] {
  const { notes, refusals } = writeNetwork(graph);
  return [...refusals, ...notes];
}
