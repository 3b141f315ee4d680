import type { NodeId } from '../diagnostics/ids.ts';
import type { GraphDocument, NodeRecord } from '../document/schema.ts';
import { serializeDocument } from '../document/serialize.ts';
import type { TrainedModel } from './trainedModel.ts';

/**
 * The project's JSON text for a file that leaves this machine: folders are removed, since they reveal the user's disk,
 * and every block lists all its parameters, so that no reader needs NormLab's defaults.
 */
export function portableProject({ document, graph }: TrainedModel): string {
  const nodes: Record<NodeId, NodeRecord> = { ...document.graph.nodes };
  for (const { id, params } of graph.order) {
    const record = nodes[id];
    if (record) nodes[id] = { ...record, params };
  }
  const portable: GraphDocument = {
    ...document,
    graph: { ...document.graph, nodes },
    data: { ...document.data, trainFolder: null, validationFolder: null },
  };
  return serializeDocument(portable);
}
