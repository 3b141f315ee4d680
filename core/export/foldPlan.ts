import { must } from '../diagnostics/invariantError.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';
import { message, type Message } from '../words/message.ts';

/** What folding does with one BatchNorm block. */
export interface FoldDecision {
  readonly node: NodeId;
  /** The Conv2D, ConvTranspose2D or Dense that it is folded into, or null when it stays. */
  readonly into: NodeId | null;
  /** Where it is folded into, or why it stays. Names blocks by id, as tensors do, since many share a title. */
  readonly reason: Message;
}

const FOLDABLE_KINDS = ['conv2d', 'convTranspose2d', 'dense'];

/** Decides for each BatchNorm block, in graph order, whether it can be folded into the layer before it. */
export function planFold(graph: ShapedGraph): readonly FoldDecision[] {
  return graph.order
    .filter((block) => block.definition.kind === 'batchNorm')
    .map((block) => decide(graph, block));
}

function decide(graph: ShapedGraph, { id, sources }: ShapedNode): FoldDecision {
  const before = must(
    graph.byId.get(splitEndpoint(must(sources[0], `source of ${id}`)).node),
    `before ${id}`,
  );
  const keep = (reason: Message): FoldDecision => ({ node: id, into: null, reason });
  if (!FOLDABLE_KINDS.includes(before.definition.kind))
    return keep(message('exporting.staysBehind', { block: id, before: before.id }));
  const uses = countUses(graph, before.id);
  if (uses > 1) return keep(message('exporting.staysShared', { block: id, before: before.id, uses }));
  return {
    node: id,
    into: before.id,
    reason: message('exporting.folded', { block: id, into: before.id }),
  };
}

/** Number of input ports that a block feeds. */
function countUses(graph: ShapedGraph, node: NodeId): number {
  return graph.order.flatMap(({ sources }) => sources).filter((source) => splitEndpoint(source).node === node)
    .length;
}
