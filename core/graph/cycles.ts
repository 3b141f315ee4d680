import { must } from '../diagnostics/invariantError.ts';
import { compareText } from '../document/compareText.ts';
import type { NodeId } from '../document/ids.ts';
import type { Links } from './topology.ts';

/**
 * Cycles among `rest`, one for each knot of them, as blocks in wire order from the smallest id. Blocks that only stand behind a
 * cycle are in none. A block is in at most one of the cycles given; cutting one may leave another, which the next check tells.
 */
export function findCycles(links: Links, rest: ReadonlySet<NodeId>): readonly (readonly NodeId[])[] {
  const cycles: NodeId[][] = [];
  const settled = new Set<NodeId>();
  for (const start of [...rest].sort(compareText)) {
    if (settled.has(start)) continue;
    const cycle = shortestCycle(links, rest, start);
    if (!cycle) continue;
    cycles.push(cycle);
    for (const id of knotOf(links, rest, start)) settled.add(id);
  }
  return cycles;
}

/** Breadth-first from `start` back to it. */
function shortestCycle(links: Links, within: ReadonlySet<NodeId>, start: NodeId): NodeId[] | null {
  const cameFrom = new Map<NodeId, NodeId>();
  const queue = [start];
  for (let head = 0; head < queue.length; head += 1) {
    const id = must(queue[head], 'head of the queue');
    for (const follower of links.next.get(id) ?? []) {
      if (follower === start) return walkBack(cameFrom, start, id);
      if (!within.has(follower) || cameFrom.has(follower)) continue;
      cameFrom.set(follower, id);
      queue.push(follower);
    }
  }
  return null;
}

function walkBack(cameFrom: ReadonlyMap<NodeId, NodeId>, start: NodeId, last: NodeId): NodeId[] {
  const path: NodeId[] = [];
  for (let id = last; id !== start; id = must(cameFrom.get(id), `predecessor of ${id}`)) path.unshift(id);
  return [start, ...path];
}

/** Blocks that can be reached from `start` and reach it: its strongly connected component. */
function knotOf(links: Links, within: ReadonlySet<NodeId>, start: NodeId): readonly NodeId[] {
  const forward = collect(links.next, within, start);
  const backward = collect(links.previous, within, start);
  return [...forward].filter((id) => backward.has(id));
}

function collect(
  edges: ReadonlyMap<NodeId, readonly NodeId[]>,
  within: ReadonlySet<NodeId>,
  start: NodeId,
): Set<NodeId> {
  const seen = new Set([start]);
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const neighbour of edges.get(id) ?? []) {
      if (!within.has(neighbour) || seen.has(neighbour)) continue;
      seen.add(neighbour);
      open.push(neighbour);
    }
  }
  return seen;
}
