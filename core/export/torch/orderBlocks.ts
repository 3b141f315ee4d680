import { splitEndpoint } from '../../document/endpoint.ts';
import { must } from '../../diagnostics/invariantError.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { ShapedGraph, ShapedNode } from '../../graph/shapedGraph.ts';

/**
 * The blocks in an order for readers: sources come first, and a branch is not interrupted by another one. The state
 * dict has the same order.
 */
export function orderBlocks(graph: ShapedGraph): readonly ShapedNode[] {
  const ordered: ShapedNode[] = [];
  const seen = new Set<NodeId>();
  // A stack instead of recursion: a network may have thousands of blocks in a chain.
  const stack: { readonly block: ShapedNode; next: number }[] = [{ block: graph.output, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const source = sourcesOf(top.block)[top.next];
    top.next += 1;
    if (source === undefined) {
      stack.pop();
      if (!seen.has(top.block.id)) ordered.push(top.block);
      seen.add(top.block.id);
    } else if (!seen.has(source))
      stack.push({ block: must(graph.byId.get(source), `block ${source}`), next: 0 });
  }
  return ordered;
}

/** The blocks at the input ports, in port order. */
export function sourcesOf({ sources }: ShapedNode): NodeId[] {
  return sources.map((source) => splitEndpoint(source).node);
}
