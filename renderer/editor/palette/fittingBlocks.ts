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

/** Input shapes to test a block with, beside the shapes of the document: an image and a vector. */
const TRIAL_SHAPES: readonly Shape[] = [[3, 32, 32], [64]];

/**
 * Blocks that accept an output of `shape`: they have an input port and, at their defaults, infer a shape from it. With
 * an unknown shape, every block with an input.
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
 * Blocks that can feed the input `target`, at their defaults. If `target` is connected, the block is inserted into that
 * wire and must not cause new problems in the network; else it must be able to output a shape that the block at
 * `target` accepts.
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

/** The network with a new block of that kind before `target`, all its inputs fed by what fed `target`. */
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

/** The output shape of a block at its defaults when all its inputs have `shape`; null where it does not accept that. */
function outputOf(definition: NodeDefinition, shape: Shape): Shape | null {
  const params = completeParams(definition, {});
  const result = definition.inferShape(
    params,
    definition.inputPorts(params).map(() => shape),
  );
  return result.ok ? result.shape : null;
}
