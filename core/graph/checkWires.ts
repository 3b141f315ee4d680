import type { Diagnostic, QuickFix } from '../diagnostics/diagnostic.ts';
import { endpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph } from '../document/schema.ts';
import type { CheckedNode, WiredNode } from './checkedNode.ts';
import { wiresOf, type Wire } from './lookup.ts';
import { message } from '../words/message.ts';

type Nodes = ReadonlyMap<NodeId, CheckedNode>;

export interface CheckedWires {
  /** Wires whose two ends exist. */
  readonly wires: readonly Wire[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Removes wires that lead nowhere and reports them; a block with invalid parameters may have any port. */
export function checkWires(graph: Graph, nodes: Nodes): CheckedWires {
  const wires: Wire[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const wire of wiresOf(graph)) {
    const problem = danglingEnd(nodes, wire) ?? unknownPort(nodes, wire);
    if (problem) diagnostics.push(problem);
    else wires.push(wire);
  }
  return { wires, diagnostics };
}

/**
 * Each block with its sources, and an error for each input port without a wire. A dangling wire is reported only once.
 */
export function wireNodes(
  graph: Graph,
  nodes: Nodes,
  wires: readonly Wire[],
): { readonly nodes: ReadonlyMap<NodeId, WiredNode>; readonly diagnostics: readonly Diagnostic[] } {
  const sources = new Map<Endpoint, Endpoint>(wires.map((wire) => [wire.target, wire.source]));
  const wired = new Map<NodeId, WiredNode>();
  const diagnostics: Diagnostic[] = [];
  for (const node of nodes.values()) {
    const ports = node.definition && node.sound ? node.definition.inputPorts(node.params) : [];
    const found = ports.map((port) => sources.get(endpoint(node.id, port)) ?? null);
    wired.set(node.id, { ...node, sources: found });
    for (const port of ports) {
      if (!Object.hasOwn(graph.wires, endpoint(node.id, port)))
        diagnostics.push(missingWire(node, port, ports));
    }
  }
  return { nodes: wired, diagnostics };
}

function missingWire(node: CheckedNode, port: string, ports: readonly string[]): Diagnostic {
  const [said, hint] =
    ports.length > 1
      ? [
          message('graph.wireMissingAt', { block: node.called, port }),
          message('graph.wireMissingAtHint', { port }),
        ]
      : [message('graph.wireMissing', { block: node.called }), message('graph.wireMissingHint')];
  return {
    code: 'wire-missing',
    severity: 'error',
    nodeId: node.id,
    port,
    message: said,
    hint,
  };
}

function danglingEnd(nodes: Nodes, wire: Wire): Diagnostic | null {
  const target = nodes.get(wire.to.node);
  const source = nodes.get(wire.from.node);
  if (target && source) return null;
  const ends = { source: source?.called ?? wire.from.node, target: target?.called ?? wire.to.node };
  const lost = source ? wire.to.node : wire.from.node;
  return {
    code: 'wire-dangling',
    // Without a target the wire feeds nothing, and training can continue without it.
    severity: target ? 'error' : 'warning',
    nodeId: target?.id ?? source?.id ?? null,
    port: wire.to.port,
    message:
      source || target
        ? message('graph.wireDangling', { ...ends, lost })
        : message('graph.wireDanglingTwice', ends),
    hint: target ? message('graph.wireDanglingHint', { block: target.called }) : message('graph.removeWire'),
  };
}

function unknownPort(nodes: Nodes, wire: Wire): Diagnostic | null {
  const target = nodes.get(wire.to.node);
  const source = nodes.get(wire.from.node);
  if (target?.definition && target.sound) {
    const ports = target.definition.inputPorts(target.params);
    if (!ports.includes(wire.to.port)) return unknownInput(target, wire, ports);
  }
  if (target && source?.definition && !source.definition.outputPorts.includes(wire.from.port)) {
    return unknownOutput(target, source, wire);
  }
  return null;
}

function unknownInput(target: CheckedNode, wire: Wire, ports: readonly string[]): Diagnostic {
  const fix = morePorts(target, wire.to.port);
  const place = { source: wire.from.node, port: wire.to.port, block: target.called };
  return {
    code: 'port-unknown',
    severity: 'error',
    nodeId: target.id,
    port: wire.to.port,
    message:
      ports.length === 0
        ? message('graph.inputNone', place)
        : message('graph.inputUnknown', { ...place, ports }),
    hint: message(fix ? 'graph.removeWireOrAddInputs' : 'graph.removeWire'),
    ...(fix ? { fix } : {}),
  };
}

function unknownOutput(target: CheckedNode, source: CheckedNode, wire: Wire): Diagnostic {
  const place = { block: target.called, port: wire.from.port, source: source.called };
  const ports = source.definition?.outputPorts ?? [];
  return {
    code: 'port-unknown',
    severity: 'error',
    nodeId: target.id,
    port: wire.to.port,
    message:
      ports.length === 0
        ? message('graph.outputNone', place)
        : message('graph.outputUnknown', { ...place, ports }),
    hint: message('graph.outputUnknownHint', { block: target.called }),
  };
}

/** Merging blocks have a parameter for the number of inputs. */
function morePorts(target: CheckedNode, port: string): QuickFix | null {
  const spec = target.definition?.params.inputs;
  const wanted = Number(/^in([1-9])$/.exec(port)?.[1]);
  if (spec?.type !== 'int' || !(wanted <= spec.max)) return null;
  return {
    title: message('graph.giveInputs', { inputs: wanted }),
    nodeId: target.id,
    param: 'inputs',
    value: wanted,
  };
}
