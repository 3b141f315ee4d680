import { entriesOf, keysOf } from '../diagnostics/entries.ts';
import { z } from 'zod';
import { endpoint, splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import {
  endpointSchema,
  nodeIdSchema,
  nodeRecordSchema,
  positionSchema,
  type GraphDocument,
  type NodeRecord,
  type Position,
} from '../document/schema.ts';
import { sortKeys } from '../document/serialize.ts';
import { CARD } from '../layout/card.ts';
import { nodeOf, wiresOf } from '../graph/lookup.ts';
import type { CommandOf } from './command.ts';
import { freeNodeId } from './newNodeId.ts';
import { wireRefusal } from './canConnect.ts';
import { withWire } from '../rewrites/graphEdits.ts';
import { movedBy } from './place.ts';
import { changed, refused, type Outcome } from './outcome.ts';
import { message } from '../words/message.ts';

const fragmentSchema = z.strictObject({
  format: z.literal('normlab-fragment'),
  version: z.literal(1),
  nodes: z.record(nodeIdSchema, nodeRecordSchema),
  /** Wires between blocks of the fragment. */
  wires: z.record(endpointSchema, endpointSchema),
  /** Wires from blocks outside the fragment, for pasting into the same project. */
  incoming: z.record(endpointSchema, endpointSchema),
  positions: z.record(nodeIdSchema, positionSchema),
});
export type Fragment = z.infer<typeof fragmentSchema>;

/** Offset in pixels of a copy from its original when no position is given. */
const BESIDE = 40;

/**
 * Blocks and their wires as text that can be pasted into any project, a chat or a file. Ids without a block are
 * ignored.
 */
export function copyFragment(document: GraphDocument, ids: readonly NodeId[]): string {
  const chosen = new Set(ids.filter((id) => nodeOf(document.graph, id)));
  const wires = wiresOf(document.graph).filter((wire) => chosen.has(wire.to.node));
  const entries = (inside: boolean): Record<string, string> =>
    Object.fromEntries(
      wires.filter((wire) => chosen.has(wire.from.node) === inside).map((wire) => [wire.target, wire.source]),
    );
  const places = entriesOf(document.layout.positions).filter(([id]) => chosen.has(id));
  const fragment = {
    format: 'normlab-fragment',
    version: 1,
    nodes: Object.fromEntries([...chosen].map((id) => [id, nodeOf(document.graph, id)])),
    wires: entries(true),
    incoming: entries(false),
    positions: Object.fromEntries(places),
  };
  return `${JSON.stringify(sortKeys(fragment), null, 2)}\n`;
}

/** Reads what `copyFragment` wrote; null for any other text. Never throws. */
export function parseFragment(text: string): Fragment | null {
  try {
    const parsed = fragmentSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Adds the fragment under new ids, with its center at `at`; one command, so one step of undo. */
export function paste(document: GraphDocument, command: CommandOf<'paste'>): Outcome {
  const fragment = parseFragment(command.text);
  if (!fragment) return refused(message('edit.emptyClipboard'));
  const names = freshNames(document, fragment);
  const renamed = (at: Endpoint): Endpoint => {
    const { node, port } = splitEndpoint(at);
    return endpoint(names.get(node) ?? node, port);
  };
  const wires = entriesOf(fragment.wires).filter(
    ([to, from]) => names.has(nodeAt(to)) && names.has(nodeAt(from)),
  );
  const nodes = entriesOf(fragment.nodes).map(([id, record]): [string, NodeRecord] => [
    renamedId(names, id),
    record,
  ]);
  let graph = {
    nodes: { ...document.graph.nodes, ...Object.fromEntries(nodes) },
    wires: {
      ...document.graph.wires,
      ...Object.fromEntries(wires.map(([to, from]) => [renamed(to), renamed(from)])),
    },
  };
  for (const [target, from] of command.keepIncoming ? entriesOf(fragment.incoming) : []) {
    if (!names.has(nodeAt(target)) || wireRefusal(graph, from, renamed(target)) !== null) continue;
    graph = withWire(graph, renamed(target), from);
  }
  const places = placesOf(fragment, command.at).map(([id, place]): [string, Position] => [
    renamedId(names, id),
    place,
  ]);
  const positions = { ...document.layout.positions, ...Object.fromEntries(places) };
  return changed({ ...document, graph, layout: { positions } });
}

function nodeAt(at: Endpoint): NodeId {
  return splitEndpoint(at).node;
}

function renamedId(names: ReadonlyMap<NodeId, NodeId>, id: NodeId): NodeId {
  return names.get(id) ?? id;
}

function freshNames(document: GraphDocument, fragment: Fragment): ReadonlyMap<NodeId, NodeId> {
  const names = new Map<NodeId, NodeId>();
  const taken = new Set<string>(Object.keys(document.graph.nodes));
  for (const id of keysOf(fragment.nodes)) {
    const fresh = freeNodeId(id, (candidate) => taken.has(candidate));
    taken.add(fresh);
    names.set(id, fresh);
  }
  return names;
}

/** New positions of the fragment's blocks; a block without one gets the fragment's top-left corner. */
function placesOf(fragment: Fragment, at: Position | null): [NodeId, Position][] {
  const known = new Map(entriesOf(fragment.positions));
  const xs = [...known.values()].map((place) => place.x);
  const ys = [...known.values()].map((place) => place.y);
  const corner = { x: least(xs), y: least(ys) };
  const far = { x: most(xs) + CARD.width, y: most(ys) + CARD.height };
  const shift = at
    ? { x: Math.round(at.x - (corner.x + far.x) / 2), y: Math.round(at.y - (corner.y + far.y) / 2) }
    : { x: BESIDE, y: BESIDE };
  return keysOf(fragment.nodes).map((id) => {
    const place = known.get(id) ?? corner;
    return [id, movedBy(place, shift.x, shift.y)];
  });
}

function least(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((low, value) => Math.min(low, value), Infinity) : 0;
}

function most(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((high, value) => Math.max(high, value), -Infinity) : 0;
}
