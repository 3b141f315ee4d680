import { endpoint, type Endpoint } from '#core/document/endpoint.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { shapeRefusal } from '#core/edit/canConnect.ts';
import { newNodeId } from '#core/edit/newNodeId.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { withNode, withWire } from '#core/rewrites/graphEdits.ts';
import type { GraphReport } from '#core/graph/shapedGraph.ts';
import { completeParams } from '#core/nodes/defaults.ts';
import type { NodeDefinition } from '#core/nodes/definition.ts';
import { NODE_DEFINITIONS } from '#core/nodes/registry.ts';
import type { Shape } from '#core/program/shape.ts';

/** What a block is tried with where nothing feeds it yet, beside the shapes of the document: an image and a vector. */
const TRIAL_SHAPES: readonly Shape[] = [[3, 32, 32], [64]];

/**
 * Blocks that can take what an output of `shape` gives: they have an input port and, at their defaults, work out a
 * shape from it. With an unknown shape, every block with an input.
 */
export function blocksAfter(shape: Shape | null): readonly NodeDefinition[] {
  return NODE_DEFINITIONS.filter((definition) => {
    const params = completeParams(definition, {});
    const ports = definition.inputPorts(params);
    if (ports.length === 0) return false;
    return shape === null || outputOf(definition, shape) !== null;
  });
}

/**
 * Blocks that can feed the input `target`, at their defaults. Where a wire leads to it, the block is taken to stand in
 * that wire, and no block of the network may be worse off; else it must be able to give a shape that the block at
 * `target` takes.
 */
export function blocksBefore(
  document: GraphDocument,
  report: GraphReport,
  target: Endpoint,
): readonly NodeDefinition[] {
  const giving = NODE_DEFINITIONS.filter(({ outputPorts }) => outputPorts.includes('out'));
  const source = document.graph.wires[target];
  const isStart = (definition: NodeDefinition): boolean =>
    definition.inputPorts(completeParams(definition, {})).length === 0;
  return giving.filter((definition) =>
    source !== undefined || isStart(definition)
      ? fitsInWire(document, report, definition, target)
      : fitsInFront(document, report, definition, target),
  );
}

/** The network with a new block of that kind in front of `target`, all its inputs fed by what fed `target`. */
function withBlockBefore({ graph }: GraphDocument, definition: NodeDefinition, target: Endpoint) {
  const id = newNodeId(graph, definition.kind);
  const params = completeParams(definition, {});
  const source = graph.wires[target];
  const added = withWire(withNode(graph, id, { kind: definition.kind, params }), target, endpoint(id, 'out'));
  const ports = source === undefined ? [] : definition.inputPorts(params);
  const fed = ports.reduce(
    (result, port) => (source === undefined ? result : withWire(result, endpoint(id, port), source)),
    added,
  );
  return { id, graph: fed };
}

function fitsInWire(
  document: GraphDocument,
  report: GraphReport,
  definition: NodeDefinition,
  target: Endpoint,
): boolean {
  const known = new Set(errorsIn(report));
  return errorsIn(checkGraph(withBlockBefore(document, definition, target).graph)).every((error) =>
    known.has(error),
  );
}

function errorsIn({ diagnostics }: Pick<GraphReport, 'diagnostics'>): readonly string[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.map(({ code, nodeId, port }) => [code, nodeId, port].join(' '));
}

function fitsInFront(
  document: GraphDocument,
  report: GraphReport,
  definition: NodeDefinition,
  target: Endpoint,
): boolean {
  const { id, graph } = withBlockBefore(document, definition, target);
  return [...report.shapes.values(), ...TRIAL_SHAPES].some((trial) => {
    const given = outputOf(definition, trial);
    if (given === null) return false;
    const shapes = new Map([...report.shapes, [id, given]]);
    return shapeRefusal(graph, endpoint(id, 'out'), target, { shapes }) === null;
  });
}

/** What a block at its defaults gives when all its inputs have `shape`; null where it cannot take that. */
function outputOf(definition: NodeDefinition, shape: Shape): Shape | null {
  const params = completeParams(definition, {});
  const result = definition.inferShape(
    params,
    definition.inputPorts(params).map(() => shape),
  );
  return result.ok ? result.shape : null;
}
