import type { Graph, GraphDocument, ParamValue } from '../document/schema.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { withParam } from './graphEdits.ts';
import { findLogitsParam, type LogitsParam } from '../graph/logits.ts';
import { nodeIds, nodeOf } from '../graph/lookup.ts';

export interface ResizeOptions {
  /** `[C, H, W]`. */
  readonly inputShape?: readonly [number, number, number];
  readonly classes?: number;
}

/**
 * Adapts the project to images of another size and to another number of classes: sets the Input's parameters and the
 * units of the last Dense (or the filters of the last Conv2D before GlobalAvgPool). One unit stays for two classes,
 * since one logit separates them. Whatever it cannot find stays as it is: `checkGraph` and `checkTraining` report what
 * does not fit.
 */
export function withInputAndClasses(document: GraphDocument, options: ResizeOptions): GraphDocument {
  let graph = document.graph;
  if (options.inputShape) {
    const [channels, height, width] = options.inputShape;
    graph = withInputSize(graph, { channels, height, width });
  }
  const logits = options.classes === undefined ? null : findLogitsParam(graph);
  if (logits && options.classes !== undefined && !tellsApart(graph, logits, options.classes)) {
    graph = setChanged(graph, logits.nodeId, { [logits.param]: options.classes });
  }
  return graph === document.graph ? document : { ...document, graph };
}

/** The graph with these parameters in every Input block; the same object where nothing changes. */
function withInputSize(graph: Graph, size: Readonly<Record<string, ParamValue>>): Graph {
  const changed = nodeIds(graph).flatMap((id) => {
    const record = nodeOf(graph, id);
    const isOther = Object.entries(size).some(([param, value]) => record?.params[param] !== value);
    if (record?.kind !== 'input' || !isOther) return [];
    return [[id, { ...record, params: { ...record.params, ...size } }] as const];
  });
  return changed.length === 0
    ? graph
    : { ...graph, nodes: { ...graph.nodes, ...Object.fromEntries(changed) } };
}

function tellsApart(graph: Graph, { nodeId, param }: LogitsParam, classes: number): boolean {
  return classes === 2 && nodeOf(graph, nodeId)?.params[param] === 1;
}

function setChanged(graph: Graph, id: NodeId, values: Readonly<Record<string, ParamValue>>): Graph {
  return Object.entries(values)
    .filter(([param, value]) => nodeOf(graph, id)?.params[param] !== value)
    .reduce((result, [param, value]) => withParam(result, id, param, value), graph);
}
