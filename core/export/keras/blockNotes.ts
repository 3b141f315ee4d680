import type { ShapedNode } from '../../graph/shapedGraph.ts';
import { message, type Message } from '../../words/message.ts';

/** What any block may have that a layer of Keras has not: another name, and a learning rate of its own. */
export function blockNotes({ id, called, params, parameters }: ShapedNode, name: string): readonly Message[] {
  const { trainWeights, rateFactor } = params;
  const hasRate = typeof rateFactor === 'number' && rateFactor !== 1 && trainWeights !== false;
  return [
    ...(name === id ? [] : [message('kerasBundles.renamed', { block: id, name })]),
    ...(hasRate && parameters.length > 0
      ? [message('kerasBundles.rateFactor', { block: called, factor: rateFactor })]
      : []),
  ];
}
