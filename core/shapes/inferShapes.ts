import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { must } from '../diagnostics/invariantError.ts';
import { splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../document/ids.ts';
import type { WiredNode } from '../graph/checkedNode.ts';
import type { ShapedGraph, ShapedNode, ValidGraph, ValidNode } from '../graph/shapedGraph.ts';
import type { NodeDefinition, ShapeProblem } from '../nodes/definition.ts';
import { nameOf } from '../nodes/terms.ts';
import { elementCount, type Shape } from './shape.ts';
import { message } from '../words/message.ts';

export interface Inference {
  /** Every block whose shape could be inferred, also where others are wrong. */
  readonly nodes: ReadonlyMap<NodeId, ShapedNode>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Shapes of blocks given sources first. A block behind a wrong one is passed over in silence: only the first cause is told.
 */
export function inferNodes(order: readonly WiredNode[]): Inference {
  const nodes = new Map<NodeId, ShapedNode>();
  const diagnostics: Diagnostic[] = [];
  for (const node of order) {
    const { definition, sound } = node;
    const inputShapes = shapesAt(node.sources, nodes);
    if (!definition || !sound || !inputShapes) continue;
    const result = definition.inferShape(node.params, inputShapes);
    if (result.ok) nodes.set(node.id, shapedNode(node, definition, inputShapes, result.shape));
    else diagnostics.push(...result.problems.map((problem) => shapeDiagnostic(node, problem)));
  }
  return { nodes, diagnostics };
}

/** Shapes of a valid graph; `graph` is null when a block refuses what it gets. */
export function inferShapes(valid: ValidGraph): {
  readonly graph: ShapedGraph | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const inference = inferNodes(
    valid.order.map((node) => ({
      ...node,
      called: message('graph.block', { title: nameOf(node), id: node.id }),
      sound: true,
    })),
  );
  return { graph: toShapedGraph(valid, inference), diagnostics: inference.diagnostics };
}

/** Puts `inference` and the valid graph it was made over together; null when a block of the graph has no shape. */
export function toShapedGraph(valid: ValidGraph, inference: Inference): ShapedGraph | null {
  const order = valid.order.flatMap((node) => inference.nodes.get(node.id) ?? []);
  if (order.length < valid.order.length) return null;
  const byId = new Map(order.map((node) => [node.id, node]));
  const shaped = (node: ValidNode): ShapedNode => must(byId.get(node.id), `shape of ${node.id}`);
  const output = shaped(valid.output);
  return {
    order,
    byId,
    input: shaped(valid.input),
    output,
    inputShape: shaped(valid.input).shape,
    classes: Math.max(2, elementCount(output.shape)),
    logitCount: elementCount(output.shape),
    parameterCount: order.reduce((sum, node) => sum + node.parameterCount, 0),
    flops: order.reduce((sum, node) => sum + node.flops, 0),
  } as unknown as ShapedGraph;
}

function shapesAt(
  sources: readonly (Endpoint | null)[],
  nodes: ReadonlyMap<NodeId, ShapedNode>,
): readonly Shape[] | null {
  const shapes = sources.map((source) => (source ? nodes.get(splitEndpoint(source).node)?.shape : undefined));
  return shapes.every((shape) => shape !== undefined) ? shapes : null;
}

function shapedNode(
  node: WiredNode,
  definition: NodeDefinition,
  inputShapes: readonly Shape[],
  shape: Shape,
): ShapedNode {
  const parameters = definition.parameters(node.params, inputShapes);
  return {
    id: node.id,
    name: node.name,
    definition,
    params: node.params,
    sources: node.sources.map((source) => must(source, `a source of ${node.id}`)),
    inputShapes,
    shape,
    parameters,
    parameterCount: parameters.reduce((sum, parameter) => sum + elementCount(parameter.dims), 0),
    statisticChannels: definition.statisticChannels(node.params, inputShapes),
    flops: definition.flops(node.params, inputShapes, shape),
  };
}

function shapeDiagnostic(node: WiredNode, found: ShapeProblem): Diagnostic {
  const { problem, ...rest } = found;
  const said = message('graph.ofBlock', { block: node.called, problem });
  return { ...rest, severity: 'error', nodeId: node.id, message: said };
}
