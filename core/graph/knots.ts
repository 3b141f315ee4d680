import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Links } from './topology.ts';

type Edges = ReadonlyMap<NodeId, readonly NodeId[]>;

/**
 * The strongly connected components of the blocks `within`: each block is in one of them, alone if it is on no cycle.
 * Kosaraju's algorithm without recursion, in time linear in blocks and wires.
 */
export function findKnots(links: Links, within: ReadonlySet<NodeId>): readonly (readonly NodeId[])[] {
  const assigned = new Set<NodeId>();
  return finishOrder(links.next, within)
    .reverse()
    .flatMap((start) => (assigned.has(start) ? [] : [collect(links.previous, within, start, assigned)]));
}

/** Blocks in the order in which a depth-first search finishes them. */
function finishOrder(edges: Edges, within: ReadonlySet<NodeId>): NodeId[] {
  const seen = new Set<NodeId>();
  const finished: NodeId[] = [];
  for (const start of within) {
    if (!seen.has(start)) walkFrom(start, { edges, within, seen, finished });
  }
  return finished;
}

interface Walk {
  readonly edges: Edges;
  readonly within: ReadonlySet<NodeId>;
  readonly seen: Set<NodeId>;
  readonly finished: NodeId[];
}

function walkFrom(start: NodeId, { edges, within, seen, finished }: Walk): void {
  seen.add(start);
  const open = [{ id: start, turn: 0 }];
  while (open.length > 0) {
    const top = must(open.at(-1), 'block on the way');
    const neighbour = edges.get(top.id)?.[top.turn];
    top.turn += 1;
    if (neighbour === undefined) {
      finished.push(top.id);
      open.pop();
    } else if (within.has(neighbour) && !seen.has(neighbour)) {
      seen.add(neighbour);
      open.push({ id: neighbour, turn: 0 });
    }
  }
}

/** The blocks reachable from `start` that belong to no component yet. */
function collect(
  edges: Edges,
  within: ReadonlySet<NodeId>,
  start: NodeId,
  assigned: Set<NodeId>,
): readonly NodeId[] {
  assigned.add(start);
  const knot = [start];
  for (let head = 0; head < knot.length; head += 1) {
    for (const neighbour of edges.get(must(knot[head], 'block of a knot')) ?? []) {
      if (!within.has(neighbour) || assigned.has(neighbour)) continue;
      assigned.add(neighbour);
      knot.push(neighbour);
    }
  }
  return knot;
}
