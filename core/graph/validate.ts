import { isTrainable, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { Graph } from '../document/schema.ts';
import { checkNodes, type WiredNode } from './checkedNode.ts';
import { checkRoles } from './checkRoles.ts';
import { checkWires, wireNodes } from './checkWires.ts';
import { findCycles } from './cycles.ts';
import { listSome } from './listSome.ts';
import type { ValidGraph, ValidGraphData, ValidNode, ValidPart } from './shapedGraph.ts';
import { makeLinks, topologicalOrder, type Links } from './topology.ts';
import { message } from '../words/message.ts';

export interface Validation {
  readonly diagnostics: readonly Diagnostic[];
  /** Every block that is not on or downstream of a cycle, valid or not: sources first, ties by id. For lints. */
  readonly order: readonly WiredNode[];
  /** The blocks of `order` whose shapes can be inferred, whatever errors the others have. */
  readonly part: ValidPart;
  /** Blocks left out of training: their errors are reported as warnings. */
  readonly excluded: ReadonlySet<NodeId>;
  /** Null while there are structural errors. */
  readonly graph: ValidGraph | null;
}

/** Checks kinds, parameters, wires, cycles, Input and Output; collects every problem, not only the first. */
export function validate(graph: Graph): Validation {
  const checked = checkNodes(graph);
  const { wires, diagnostics: wireProblems } = checkWires(graph, checked.nodes);
  const wired = wireNodes(graph, checked.nodes, wires);
  const links = makeLinks(
    [...checked.nodes.keys()],
    wires.map((wire) => [wire.from.node, wire.to.node]),
  );
  const { order: ids, rest } = topologicalOrder(links);
  const roles = checkRoles(checked.nodes, links, rest);
  const aside = new Set(roles.diagnostics.filter((d) => d.code === 'unreachable').map((d) => d.nodeId));
  const found = [
    ...cycleProblems(wired.nodes, links, rest),
    ...roles.diagnostics,
    ...checked.diagnostics,
    ...wireProblems,
    ...wired.diagnostics.filter((diagnostic) => !aside.has(diagnostic.nodeId)),
  ];
  const diagnostics = demote(found, roles.excluded);
  const order = ids.map((id) => must(wired.nodes.get(id), `block ${id}`));
  const part = validPart(order);
  const valid = isTrainable(diagnostics) ? toValidGraph(order, part, roles.excluded) : null;
  return { diagnostics, order, part, excluded: roles.excluded, graph: valid };
}

const ALWAYS_ERRORS: readonly string[] = ['cycle', 'input-many', 'output-many'];

/** Turns errors of blocks that are left out of training into warnings. */
export function demote(
  diagnostics: readonly Diagnostic[],
  excluded: ReadonlySet<NodeId>,
): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const { nodeId, severity, code } = diagnostic;
    if (severity !== 'error' || nodeId === null || !excluded.has(nodeId)) return diagnostic;
    return ALWAYS_ERRORS.includes(code) ? diagnostic : { ...diagnostic, severity: 'warning' as const };
  });
}

function cycleProblems(
  nodes: ReadonlyMap<NodeId, WiredNode>,
  links: Links,
  rest: ReadonlySet<NodeId>,
): readonly Diagnostic[] {
  return findCycles(links, rest).map((cycle) => {
    const names = cycle.map((id) => nodes.get(id)?.called ?? id);
    const first = must(names[0], 'first block of a cycle');
    return {
      code: 'cycle',
      severity: 'error',
      nodeId: must(cycle[0], 'first block of a cycle'),
      message: message('graph.cycle', { blocks: { chain: [...listSome(names), first] } }),
      hint: message('graph.cycleHint'),
    };
  });
}

/** The valid blocks whose sources are valid too; `order` has sources first. */
function validPart(order: readonly WiredNode[]): ValidPart {
  const part = new Map<NodeId, ValidNode>();
  for (const node of order) {
    const valid = toValidNode(node);
    if (valid?.sources.every((source) => part.has(splitEndpoint(source).node))) part.set(node.id, valid);
  }
  const nodes: readonly ValidNode[] = [...part.values()];
  return nodes as ValidPart;
}

function toValidNode({ id, name, called, definition, sound, params, sources }: WiredNode): ValidNode | null {
  const found = sources.filter((source) => source !== null);
  if (!definition || !sound || found.length < sources.length) return null;
  return { id, name, called, definition, params, sources: found };
}

function toValidGraph(
  order: readonly WiredNode[],
  part: ValidPart,
  excluded: ReadonlySet<NodeId>,
): ValidGraph {
  const byId = new Map(part.map((node) => [node.id, node]));
  const nodes = order
    .filter((node) => !excluded.has(node.id))
    .map((node) => must(byId.get(node.id), `${node.id} in the valid part of a graph without errors`));
  const ofKind = (kind: string): ValidNode =>
    must(
      nodes.find((node) => node.definition.kind === kind),
      `the ${kind} of a valid graph`,
    );
  const graph: ValidGraphData = { order: nodes, input: ofKind('input'), output: ofKind('output'), part };
  return graph as ValidGraph;
}
