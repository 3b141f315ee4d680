import { must } from '../diagnostics/invariantError.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';
import { conv2d, convWindow } from '../nodes/conv2d.ts';
import { convTranspose2d } from '../nodes/convTranspose2d.ts';
import { dense } from '../nodes/dense.ts';
import type { ParamsOf } from '../nodes/paramSpec.ts';
import { imageAt } from '../nodes/shapeRules.ts';
import { titleOf } from '../nodes/terms.ts';
import { placeWindow } from '../nodes/window.ts';
import { message, type Message } from '../words/message.ts';

/** What folding does with one BatchNorm block. */
export interface FoldDecision {
  readonly node: NodeId;
  /** The layer that it is folded into, or null when it stays. */
  readonly into: NodeId | null;
  /** True where that layer comes after the block: the fold then changes what the layer reads, not what it computes. */
  readonly isForward: boolean;
  /** Where it is folded into, or why it stays. Names blocks by id, as tensors do, since many share a title. */
  readonly reason: Message;
}

/** A layer that a block can be folded into, or the clause that says why there is none on this side. */
type Side = { readonly layer: NodeId } | { readonly clause: Message };

const KINDS_BEFORE: readonly string[] = [conv2d.kind, convTranspose2d.kind, dense.kind];

/**
 * Decides for each BatchNorm block, in graph order, whether it can be folded into the layer before it, or else into the
 * layer after it. Both are exact: no other block may see the value that changes, and a layer after it may not pad its
 * input, since its zeros would have to become other values.
 */
export function planFold(graph: ShapedGraph): readonly FoldDecision[] {
  const readers = readersOf(graph);
  return graph.order
    .filter((block) => block.definition.kind === 'batchNorm')
    .map((block) => decide(graph, readers, block));
}

type Readers = ReadonlyMap<NodeId, readonly ShapedNode[]>;

function decide(graph: ShapedGraph, readers: Readers, block: ShapedNode): FoldDecision {
  const { id: node } = block;
  const before = layerBefore(graph, readers, block);
  if ('layer' in before) {
    const into = before.layer;
    return { node, into, isForward: false, reason: message('folding.into', { block: node, into }) };
  }
  const after = layerAfter(readers, block);
  if ('layer' in after) {
    const into = after.layer;
    return { node, into, isForward: true, reason: message('folding.intoNext', { block: node, into }) };
  }
  const why = { before: before.clause, after: after.clause };
  return { node, into: null, isForward: false, reason: message('folding.stays', { block: node, ...why }) };
}

function layerBefore(graph: ShapedGraph, readers: Readers, { id, sources }: ShapedNode): Side {
  const source = splitEndpoint(must(sources[0], `source of ${id}`)).node;
  const { id: before, definition } = must(graph.byId.get(source), `before ${id}`);
  if (before === graph.input.id) return { clause: message('folding.noneBefore') };
  if (!KINDS_BEFORE.includes(definition.kind))
    return { clause: message('folding.follows', { before, kind: titleOf(definition) }) };
  const uses = readers.get(before)?.length ?? 0;
  return uses > 1 ? { clause: message('folding.shared', { before, uses }) } : { layer: before };
}

function layerAfter(readers: Readers, { id }: ShapedNode): Side {
  const [next, ...others] = readers.get(id) ?? [];
  if (next === undefined) return { clause: message('folding.noneAfter') };
  if (others.length > 0) return { clause: message('folding.feedsSeveral', { uses: others.length + 1 }) };
  const named = { after: next.id, kind: titleOf(next.definition) };
  if (next.definition.kind === dense.kind) return { layer: next.id };
  if (next.definition.kind === convTranspose2d.kind) return { clause: message('folding.transposed', named) };
  if (next.definition.kind !== conv2d.kind) return { clause: message('folding.feeds', named) };
  return padsInput(next) ? { clause: message('folding.pads', { after: next.id }) } : { layer: next.id };
}

function padsInput({ params, inputShapes }: ShapedNode): boolean {
  // The parameters of a shaped block are complete and checked by this definition, but its type does not say so.
  const window = convWindow(params as ParamsOf<typeof conv2d.params>);
  return placeWindow(window, imageAt(inputShapes)).window.padding.some((pixels) => pixels > 0);
}

/** The blocks that read each block, once for each of their ports. */
function readersOf(graph: ShapedGraph): Readers {
  const readers = new Map<NodeId, ShapedNode[]>(graph.order.map(({ id }) => [id, []]));
  for (const block of graph.order)
    for (const source of block.sources) readers.get(splitEndpoint(source).node)?.push(block);
  return readers;
}
