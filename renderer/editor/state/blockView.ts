import { entriesOf, keysOf } from '#core/diagnostics/entries.ts';
import type { Diagnostic, Severity } from '#core/diagnostics/diagnostic.ts';
import { splitEndpoint, type Endpoint } from '#core/document/endpoint.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { Graph, NodeRecord } from '#core/document/schema.ts';
import type { GraphReport } from '#core/graph/shapedGraph.ts';
import { completeParams } from '#core/nodes/defaults.ts';
import type { Family, NodeDefinition } from '#core/nodes/definition.ts';
import { isFrozenBlock } from '#core/nodes/frozen.ts';
import { findDefinition } from '#core/nodes/registry.ts';
import type { Shape } from '#core/program/shape.ts';
import type { MessageValue } from '#core/words/message.ts';

/** Everything that a block card shows, ready to draw. */
export interface BlockView {
  readonly id: NodeId;
  readonly kind: string;
  /** Undefined for a kind that this build does not know. */
  readonly definition: NodeDefinition | undefined;
  readonly family: Family | null;
  readonly label: string | undefined;
  /** The parts of its line of parameters. */
  readonly summary: readonly MessageValue[];
  readonly shape: Shape | null;
  /** Number of trained values; null while the shape is not known. */
  readonly parameterCount: number | null;
  /** Number of stored statistics (means and variances), counted separately; 0 for most blocks. */
  readonly statisticCount: number;
  readonly isFrozen: boolean;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly severity: Severity | null;
}

const RANK: readonly Severity[] = ['error', 'warning', 'hint'];

/** The highest severity in the list, or null for an empty one. */
function worstSeverity(diagnostics: readonly Diagnostic[]): Severity | null {
  return RANK.find((severity) => diagnostics.some((diagnostic) => diagnostic.severity === severity)) ?? null;
}

/**
 * Ports at which wires end, by block. Ports that the definition does not have are included, so that they are visible
 * and can be removed.
 */
interface UsedPorts {
  readonly in: ReadonlyMap<NodeId, readonly string[]>;
  readonly out: ReadonlyMap<NodeId, readonly string[]>;
}

function portsInUse(graph: Graph): UsedPorts {
  const byBlock = (ends: readonly Endpoint[]): ReadonlyMap<NodeId, readonly string[]> => {
    const ports = new Map<NodeId, string[]>();
    for (const end of new Set(ends)) {
      const { node, port } = splitEndpoint(end);
      const list = ports.get(node);
      if (list) list.push(port);
      else ports.set(node, [port]);
    }
    return ports;
  };
  return { in: byBlock(keysOf(graph.wires)), out: byBlock(Object.values(graph.wires)) };
}

function merged(known: readonly string[], used: readonly string[]): readonly string[] {
  return [...known, ...used.filter((port) => !known.includes(port))];
}

function safeSummary(definition: NodeDefinition, record: NodeRecord): readonly MessageValue[] {
  return definition.summary(completeParams(definition, record.params));
}

/** The view of one block; `diagnostics` are the block's own. */
function blockView(
  used: UsedPorts,
  report: GraphReport,
  id: NodeId,
  record: NodeRecord,
  diagnostics: readonly Diagnostic[],
): BlockView {
  const definition = findDefinition(record.kind);
  const params = definition && completeParams(definition, record.params);
  return {
    id,
    kind: record.kind,
    definition,
    family: definition?.family ?? null,
    label: record.label?.trim() || undefined,
    summary: definition ? safeSummary(definition, record) : [],
    shape: report.shapes.get(id) ?? null,
    parameterCount: report.parameterCounts.get(id) ?? null,
    statisticCount: 2 * (report.graph?.byId.get(id)?.statisticChannels ?? 0),
    isFrozen: isFrozenBlock(record),
    inputs: merged(definition && params ? definition.inputPorts(params) : [], used.in.get(id) ?? []),
    outputs: merged(definition?.outputPorts ?? [], used.out.get(id) ?? []),
    diagnostics,
    severity: worstSeverity(diagnostics),
  };
}

const NONE: readonly Diagnostic[] = [];

function diagnosticsByBlock(diagnostics: readonly Diagnostic[]): ReadonlyMap<NodeId, readonly Diagnostic[]> {
  const found = new Map<NodeId, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.nodeId === null) continue;
    const list = found.get(diagnostic.nodeId);
    if (list) list.push(diagnostic);
    else found.set(diagnostic.nodeId, [diagnostic]);
  }
  return found;
}

/**
 * Views of all blocks of a graph, by id. An unchanged block keeps the view object that it had in `former`, so that its
 * card is not redrawn.
 */
export function blockViews(
  graph: Graph,
  report: GraphReport,
  former?: ReadonlyMap<NodeId, BlockView>,
): ReadonlyMap<NodeId, BlockView> {
  const byNode = diagnosticsByBlock(report.diagnostics);
  const used = portsInUse(graph);
  return new Map(
    entriesOf(graph.nodes).map(([id, record]) => {
      const view = blockView(used, report, id, record, byNode.get(id) ?? NONE);
      const old = former?.get(id);
      return [id, old !== undefined && isSame(old, view) ? old : view];
    }),
  );
}

function isSame(a: BlockView, b: BlockView): boolean {
  const keys = Object.keys(b) as (keyof BlockView)[];
  return keys.every((key) => Object.is(a[key], b[key]) || JSON.stringify(a[key]) === JSON.stringify(b[key]));
}
