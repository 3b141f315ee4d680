import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { MinHeap } from './minHeap.ts';

/** The blocks and their connections; `next` and `previous` have every block as a key, and one entry per wire. */
export interface Links {
  readonly ids: readonly NodeId[];
  readonly next: ReadonlyMap<NodeId, readonly NodeId[]>;
  readonly previous: ReadonlyMap<NodeId, readonly NodeId[]>;
}

export function makeLinks(ids: readonly NodeId[], wires: readonly (readonly [NodeId, NodeId])[]): Links {
  const next = new Map<NodeId, NodeId[]>(ids.map((id) => [id, []]));
  const previous = new Map<NodeId, NodeId[]>(ids.map((id) => [id, []]));
  for (const [from, to] of wires) {
    must(next.get(from), `block ${from}`).push(to);
    must(previous.get(to), `block ${to}`).push(from);
  }
  return { ids, next, previous };
}

/** Sources first, ties by id (Kahn's algorithm with a heap); `rest` are the blocks on or downstream of a cycle. */
export function topologicalOrder(links: Links): { order: readonly NodeId[]; rest: ReadonlySet<NodeId> } {
  const waiting = new Map(links.ids.map((id) => [id, links.previous.get(id)?.length ?? 0]));
  const ready = new MinHeap<NodeId>(links.ids.filter((id) => waiting.get(id) === 0));
  const order: NodeId[] = [];
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    order.push(id);
    for (const follower of links.next.get(id) ?? []) {
      const left = must(waiting.get(follower), `block ${follower}`) - 1;
      waiting.set(follower, left);
      if (left === 0) ready.push(follower);
    }
  }
  const done = new Set(order);
  return { order, rest: new Set(links.ids.filter((id) => !done.has(id))) };
}

/** All blocks reachable from `starts` along `edges`, including `starts`. */
export function reachableFrom(
  starts: readonly NodeId[],
  edges: ReadonlyMap<NodeId, readonly NodeId[]>,
): ReadonlySet<NodeId> {
  const seen = new Set<NodeId>(starts);
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const neighbour of edges.get(id) ?? []) {
      if (seen.has(neighbour)) continue;
      seen.add(neighbour);
      open.push(neighbour);
    }
  }
  return seen;
}
