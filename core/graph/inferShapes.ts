import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { must } from '../diagnostics/invariantError.ts';
import { splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type {
  ShapedGraph,
  ShapedGraphData,
  ShapedNode,
  ValidGraph,
  ValidNode,
  ValidPart,
} from './shapedGraph.ts';
import type { ShapeProblem } from '../nodes/definition.ts';
import { elementCount, type Shape } from '../program/shape.ts';
import { message } from '../words/message.ts';

/** The result of shape inference over some blocks. */
export interface Inference {
  /** Every block whose shape could be inferred, even where other blocks have errors. */
  readonly nodes: ReadonlyMap<NodeId, ShapedNode>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The result of shape inference over a valid graph. */
export interface GraphInference extends Inference {
  /** Null when a block of the graph rejects its input shapes. */
  readonly graph: ShapedGraph | null;
}

/** Infers the shapes of a valid graph, and of the valid blocks beside it that are left out of training. */
export function inferShapes(valid: ValidGraph): GraphInference {
  const inference = inferPart(valid.part);
  return { ...inference, graph: toShapedGraph(valid, inference.nodes) };
}

/**
 * Infers the shapes of the valid part of a graph that has errors elsewhere, for display: they do not make a
 * `ShapedGraph`. A block downstream of one that rejects its shapes is skipped, so that only the first cause is
 * reported.
 */
export function inferPart(part: ValidPart): Inference {
  const nodes = new Map<NodeId, ShapedNode>();
  const diagnostics: Diagnostic[] = [];
  for (const node of part) {
    const inputShapes = shapesAt(node.sources, nodes);
    if (!inputShapes) continue;
    const result = node.definition.inferShape(node.params, inputShapes);
    if (result.ok) nodes.set(node.id, shapedNode(node, inputShapes, result.shape));
    else diagnostics.push(...result.problems.map((problem) => shapeDiagnostic(node, problem)));
  }
  return { nodes, diagnostics };
}

function toShapedGraph(valid: ValidGraph, nodes: ReadonlyMap<NodeId, ShapedNode>): ShapedGraph | null {
  const order = valid.order.flatMap((node) => nodes.get(node.id) ?? []);
  if (order.length < valid.order.length) return null;
  const byId = new Map(order.map((node) => [node.id, node]));
  const shaped = (node: ValidNode): ShapedNode => must(byId.get(node.id), `shape of ${node.id}`);
  const output = shaped(valid.output);
  const graph: ShapedGraphData = {
    order,
    byId,
    input: shaped(valid.input),
    output,
    inputShape: shaped(valid.input).shape,
    classes: Math.max(2, elementCount(output.shape)),
    logitCount: elementCount(output.shape),
    parameterCount: order.reduce((sum, node) => sum + node.parameterCount, 0),
    flops: order.reduce((sum, node) => sum + node.flops, 0),
  };
  return graph as ShapedGraph;
}

function shapesAt(
  sources: readonly Endpoint[],
  nodes: ReadonlyMap<NodeId, ShapedNode>,
): readonly Shape[] | null {
  const shapes = sources.map((source) => nodes.get(splitEndpoint(source).node)?.shape);
  return shapes.every((shape) => shape !== undefined) ? shapes : null;
}

function shapedNode(node: ValidNode, inputShapes: readonly Shape[], shape: Shape): ShapedNode {
  const { definition, params } = node;
  const parameters = definition.parameters(params, inputShapes);
  return {
    ...node,
    inputShapes,
    shape,
    parameters,
    parameterCount: parameters.reduce((sum, parameter) => sum + elementCount(parameter.dims), 0),
    statisticChannels: definition.statisticChannels(params, inputShapes),
    flops: definition.flops(params, inputShapes, shape),
  };
}

function shapeDiagnostic(node: ValidNode, found: ShapeProblem): Diagnostic {
  const { problem, ...rest } = found;
  const said = message('graph.ofBlock', { block: node.called, problem });
  return { ...rest, severity: 'error', nodeId: node.id, message: said };
}
