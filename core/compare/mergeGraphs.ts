import type { Endpoint } from '../document/endpoint.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import { freshNodeId, type NodeId } from '../diagnostics/ids.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';
import { sameShape, type Shape } from '../program/shape.ts';
import { alignBlocks, type Alignment } from './alignBlocks.ts';
import type { ModelComparison } from './compareModels.ts';
import { compareSettings, type SettingComparison } from './compareSettings.ts';
import { blockWeights, type BlockWeights } from './blockWeights.ts';

/** In which of two networks something is; `changed` and `same` are in both. */
export const BLOCK_STATES = ['same', 'changed', 'onlyA', 'onlyB'] as const;
type BlockState = (typeof BLOCK_STATES)[number];
export const WIRE_STATES = ['same', 'onlyA', 'onlyB'] as const;
type WireState = (typeof WIRE_STATES)[number];

/** A block of one network or of both. */
export interface MergedBlock {
  /** The id in A; for a block of B only, its own id, or the first free one after it where A uses that. */
  readonly id: NodeId;
  /** `changed`: kind, parameters or output shape differ. Different weights alone leave it `same`. */
  readonly state: BlockState;
  /** The block in A, or in B where A has none: what a card shows. */
  readonly block: ShapedNode;
  readonly a: NodeId | null;
  readonly b: NodeId | null;
  /** The kind in B where it differs; null otherwise. */
  readonly otherKind: string | null;
  /** The output shape in B where it differs; null otherwise. */
  readonly otherShape: Shape | null;
  /** The parameters that differ; none where the kinds differ. */
  readonly params: readonly SettingComparison[];
  readonly weights: BlockWeights;
  /** The ports of both blocks. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A wire of one network or of both, between ports of merged blocks. */
export interface MergedWire {
  readonly state: WireState;
  readonly from: { readonly block: NodeId; readonly port: string };
  readonly to: { readonly block: NodeId; readonly port: string };
}

/** Two networks as one: every block and every wire of both, those that correspond only once. */
export interface MergedGraph {
  /** Those of A, then those of B alone; each sources first. */
  readonly blocks: readonly MergedBlock[];
  readonly wires: readonly MergedWire[];
}

/**
 * Merges two networks. Blocks that are aligned become one; a wire that joins the same ports of aligned blocks in both
 * is `same`. `comparison` is that of the two models. The merged graph may have a cycle where neither network has one.
 */
export function mergeGraphs(
  a: ShapedGraph,
  b: ShapedGraph,
  comparison: Pick<ModelComparison, 'tensors' | 'otherShape'>,
): MergedGraph {
  const alignment = alignBlocks(a, b);
  const ids = mergedIds(a, alignment);
  const weightsOf = blockWeights(comparison);
  const blocks = [
    ...mergedBlocks(a, alignment).map(([inA, inB]) => both(inA, inB, weightsOf)),
    ...alignment.onlyB.map((block) => lone(block, ids.ofB(block.id), 'onlyB')),
  ];
  return { blocks, wires: mergedWires(a, b, ids) };
}

type Pair = readonly [ShapedNode, ShapedNode | null];

/** The blocks of A with their counterparts, in the order of A. */
function mergedBlocks(a: ShapedGraph, { pairs }: Alignment): readonly Pair[] {
  const counterparts = new Map(pairs.map((pair) => [pair.a.id, pair.b]));
  return a.order.map((block) => [block, counterparts.get(block.id) ?? null]);
}

interface MergedIds {
  ofB(id: NodeId): NodeId;
}

function mergedIds(a: ShapedGraph, { pairs, onlyB }: Alignment): MergedIds {
  const taken = new Set(a.order.map(({ id }) => id));
  const ofB = new Map(pairs.map((pair) => [pair.b.id, pair.a.id]));
  for (const { id } of onlyB) {
    const free = taken.has(id) ? freshNodeId(baseOf(id), (other) => taken.has(other)) : id;
    taken.add(free);
    ofB.set(id, free);
  }
  return { ofB: (id) => ofB.get(id) ?? id };
}

/** Leaves room for a number within the length of an id. */
function baseOf(id: NodeId): string {
  return id.slice(0, 56);
}

function both(a: ShapedNode, b: ShapedNode | null, weightsOf: (id: NodeId) => BlockWeights): MergedBlock {
  if (b === null) return lone(a, a.id, 'onlyA');
  const isOtherKind = a.definition.kind !== b.definition.kind;
  const isOtherShape = !sameShape(a.shape, b.shape);
  const params = isOtherKind ? [] : compareSettings({ a, b }).filter(({ differs }) => differs);
  return {
    ...{ id: a.id, block: a, a: a.id, b: b.id, params, weights: weightsOf(a.id) },
    state: isOtherKind || isOtherShape || params.length > 0 ? 'changed' : 'same',
    otherKind: isOtherKind ? b.definition.kind : null,
    otherShape: isOtherShape ? b.shape : null,
    inputs: union(inputsOf(a), inputsOf(b)),
    outputs: union(a.definition.outputPorts, b.definition.outputPorts),
  };
}

function lone(block: ShapedNode, id: NodeId, state: 'onlyA' | 'onlyB'): MergedBlock {
  const [a, b] = state === 'onlyA' ? [block.id, null] : [null, block.id];
  return {
    ...{ id, state, block, a, b, otherKind: null, otherShape: null, params: [] },
    ...{ weights: { kind: 'none' }, inputs: inputsOf(block), outputs: block.definition.outputPorts },
  };
}

function inputsOf({ definition, params }: ShapedNode): readonly string[] {
  return definition.inputPorts(params);
}

function union(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])];
}

function mergedWires(a: ShapedGraph, b: ShapedGraph, ids: MergedIds): readonly MergedWire[] {
  const inA = wiresOf(a, (id) => id);
  const inB = wiresOf(b, ids.ofB);
  const wires: MergedWire[] = [];
  for (const [key, ends] of inA) wires.push({ state: inB.has(key) ? 'same' : 'onlyA', ...ends });
  for (const [key, ends] of inB) if (!inA.has(key)) wires.push({ state: 'onlyB', ...ends });
  return wires;
}

type WireEnds = Pick<MergedWire, 'from' | 'to'>;

/** The wires of a network between merged blocks, by their ends. */
function wiresOf(graph: ShapedGraph, idOf: (id: NodeId) => NodeId): ReadonlyMap<string, WireEnds> {
  const found = new Map<string, WireEnds>();
  for (const block of graph.order) {
    const ports = inputsOf(block);
    block.sources.forEach((source: Endpoint, index) => {
      const { node, port } = splitEndpoint(source);
      const ends = {
        from: { block: idOf(node), port },
        to: { block: idOf(block.id), port: ports[index] ?? 'in' },
      };
      found.set(`${ends.from.block}.${ends.from.port} ${ends.to.block}.${ends.to.port}`, ends);
    });
  }
  return found;
}
