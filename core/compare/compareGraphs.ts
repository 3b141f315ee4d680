import type { Endpoint } from '../document/endpoint.ts';
import { endpoint, splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { ShapedNode } from '../graph/shapedGraph.ts';
import type { Alignment, BlockPair } from './alignBlocks.ts';
import { compareSettings, type SettingComparison } from './compareSettings.ts';

/** A block of one network only. */
interface LoneBlock {
  readonly id: NodeId;
  readonly kind: string;
}

/** A block whose kind or parameters differ. */
interface ChangedBlock {
  readonly a: NodeId;
  readonly b: NodeId;
  readonly kindA: string;
  readonly kindB: string;
  /** The parameters that differ; empty where the kinds differ. */
  readonly params: readonly SettingComparison[];
}

/** An input port that another block feeds; null where the block has no such port. */
interface ChangedWire {
  readonly portA: Endpoint | null;
  readonly portB: Endpoint | null;
  readonly sourceA: Endpoint | null;
  readonly sourceB: Endpoint | null;
}

/** The blocks and wires that differ between two networks. */
export interface GraphComparison {
  readonly onlyA: readonly LoneBlock[];
  readonly onlyB: readonly LoneBlock[];
  readonly changed: readonly ChangedBlock[];
  /** Of blocks in both networks. */
  readonly wires: readonly ChangedWire[];
}

export function compareGraphs({ pairs, onlyA, onlyB }: Alignment): GraphComparison {
  const idsInB = new Map(pairs.map(({ a, b }) => [a.id, b.id]));
  return {
    onlyA: onlyA.map(alone),
    onlyB: onlyB.map(alone),
    changed: pairs.flatMap(changeOf),
    wires: pairs.flatMap((pair) => wiresOf(pair, idsInB)),
  };
}

function alone({ id, definition }: ShapedNode): LoneBlock {
  return { id, kind: definition.kind };
}

function changeOf(pair: BlockPair): ChangedBlock[] {
  const { a, b } = pair;
  const kindA = a.definition.kind;
  const kindB = b.definition.kind;
  const params = kindA === kindB ? compareSettings(pair).filter(({ differs }) => differs) : [];
  return kindA === kindB && params.length === 0 ? [] : [{ a: a.id, b: b.id, kindA, kindB, params }];
}

function wiresOf({ a, b }: BlockPair, idsInB: ReadonlyMap<NodeId, NodeId>): ChangedWire[] {
  const portsA = a.definition.inputPorts(a.params);
  const portsB = b.definition.inputPorts(b.params);
  const wires: ChangedWire[] = [];
  for (let index = 0; index < Math.max(portsA.length, portsB.length); index += 1) {
    const sourceA = a.sources[index] ?? null;
    const sourceB = b.sources[index] ?? null;
    if (sourceA !== null && translated(sourceA, idsInB) === sourceB) continue;
    const portA = portOf(a, portsA[index]);
    const portB = portOf(b, portsB[index]);
    wires.push({ portA, portB, sourceA, sourceB });
  }
  return wires;
}

function portOf({ id }: ShapedNode, port: string | undefined): Endpoint | null {
  return port === undefined ? null : endpoint(id, port);
}

/** The port of the other network that corresponds to a port of this one; null where its block has no counterpart. */
function translated(at: Endpoint, idsInB: ReadonlyMap<NodeId, NodeId>): Endpoint | null {
  const { node, port } = splitEndpoint(at);
  const other = idsInB.get(node);
  return other === undefined ? null : endpoint(other, port);
}
