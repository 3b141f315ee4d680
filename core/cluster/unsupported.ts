import { effectiveAugmentation, NO_AUGMENTATION } from '../augment/augmentation.ts';
import type { GraphDocument } from '../document/schema.ts';
import { batchNormFacts } from '../export/batchNormFacts.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import { message, type Message } from '../words/message.ts';

/**
 * What a project uses that the training on a cluster does not have, one message for each setting. Such a project is
 * refused: it would train to other numbers.
 */
export function unsupportedOnCluster(
  document: Pick<GraphDocument, 'training' | 'data'>,
  graph: ShapedGraph,
): readonly Message[] {
  const { training, data } = document;
  const augments = effectiveAugmentation(data.augmentation) !== NO_AUGMENTATION;
  return [
    ...batchNormFacts(graph).flatMap(({ node, ghostSize, renorm }) => [
      ...(ghostSize > 0 ? [message('cluster.ghostGroups', { block: node, size: ghostSize })] : []),
      ...(renorm === null ? [] : [message('cluster.renorm', { block: node })]),
    ]),
    ...(training.featureVersions !== undefined && augments
      ? [message('cluster.featureVersions', { versions: training.featureVersions })]
      : []),
    ...(trainsNothing(graph) ? [message('cluster.nothingTrains')] : []),
  ];
}

function trainsNothing({ order }: ShapedGraph): boolean {
  return order.every(({ parameters }) => parameters.every(({ trainable }) => !trainable));
}
