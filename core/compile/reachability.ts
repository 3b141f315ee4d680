import { must } from '../diagnostics/invariantError.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';

/** Blocks from which a path of wires leads to the Output block, and the Output block itself. */
export function nodesReachingOutput(graph: ShapedGraph): ReadonlySet<NodeId> {
  const wanted = new Set<NodeId>();
  const waiting: NodeId[] = [graph.output.id];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (wanted.has(id)) continue;
    wanted.add(id);
    const { sources } = must(graph.byId.get(id), `block ${id}`);
    waiting.push(...sources.map((source) => splitEndpoint(source).node));
  }
  return wanted;
}
