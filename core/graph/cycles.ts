import { must } from '../diagnostics/invariantError.ts';
import { compareText } from '../document/compareText.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { findKnots } from './knots.ts';
import type { Links } from './topology.ts';

/**
 * Cycles among `rest`, one per strongly connected component, as blocks in wire order from the smallest id. Blocks that
 * are only downstream of a cycle are in none. A block is in at most one of the returned cycles; cutting one may leave
 * another, which the next check reports.
 */
export function findCycles(links: Links, rest: ReadonlySet<NodeId>): readonly (readonly NodeId[])[] {
  const found = findKnots(links, rest).flatMap((knot) => {
    const start = smallest(knot);
    const cycle = shortestCycle(links, new Set(knot), start);
    return cycle === null ? [] : [cycle];
  });
  return found.sort(([a = ''], [b = '']) => compareText(a, b));
}

function smallest(ids: readonly NodeId[]): NodeId {
  return ids.reduce((least, id) => (compareText(id, least) < 0 ? id : least));
}

/** Breadth-first search for a shortest cycle through `start`. */
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
  for (let id = last; id !== start; id = must(cameFrom.get(id), `predecessor of ${id}`)) path.push(id);
  return [start, ...path.reverse()];
}
