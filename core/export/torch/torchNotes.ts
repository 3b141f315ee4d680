import { message, type Message } from '../../words/message.ts';
import type { ShapedGraph } from '../../graph/shapedGraph.ts';
import { writeBlock } from './blockWriters.ts';
import { idsOf, moduleNames } from './moduleNames.ts';
import { orderBlocks } from './orderBlocks.ts';

/**
 * What PyTorch expresses in another way than the network, or not at all, one per line. Known before the export: it
 * depends on the blocks alone.
 */
export function torchNotes(graph: ShapedGraph): readonly Message[] {
  const names = moduleNames(idsOf(graph));
  return orderBlocks(graph).flatMap((block) => {
    const { id, called, params, parameters } = block;
    const name = names.get(id) ?? id;
    const { trainWeights, rateFactor } = params;
    return [
      ...(name === id || parameters.length === 0 ? [] : [message('bundles.renamed', { block: id, name })]),
      ...(writeBlock(block).notes ?? []),
      ...(trainWeights === false && parameters.length > 0
        ? [message('bundles.notTrained', { block: called })]
        : []),
      ...(typeof rateFactor === 'number' && rateFactor !== 1 && trainWeights !== false
        ? [message('bundles.rateFactor', { block: called, factor: rateFactor })]
        : []),
    ];
  });
}
