import { entriesOf, keysOf } from '../diagnostics/entries.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, GraphDocument, Position } from '../document/schema.ts';
import { splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import { autoLayout } from '../layout/autoLayout.ts';
import { CARD, PITCH } from '../layout/card.ts';
import { nodeIds, nodeOf } from '../graph/lookup.ts';
import { REWRITES, swappablePairs } from '../rewrites/rewrites.ts';
import type { CommandOf } from './command.ts';
import { movedBy, placeOf } from './place.ts';
import { changed, refused, type Outcome } from './outcome.ts';
import { message } from '../words/message.ts';

type Positions = Readonly<Record<NodeId, Position>>;

export function moveNodes(document: GraphDocument, command: CommandOf<'moveNodes'>): Outcome {
  const missing = keysOf(command.positions).find((id) => !nodeOf(document.graph, id));
  if (missing !== undefined) return refused(message('edit.noBlock', { id: missing }));
  return withPositions(document, { ...document.layout.positions, ...command.positions });
}

export function arrange(document: GraphDocument, { direction }: CommandOf<'arrange'>): Outcome {
  return withPositions(document, autoLayout(document.graph, direction));
}

function withPositions(document: GraphDocument, positions: Positions): Outcome {
  return changed({ ...document, layout: { positions } });
}

/**
 * Rewrites the whole graph and places its new blocks. Swapped pairs swap their positions, so that wires stay straight.
 */
export function rewrite(document: GraphDocument, command: CommandOf<'rewrite'>): Outcome {
  const { graph } = document;
  const rewritten = REWRITES[command.rewrite](graph);
  const swapped =
    command.rewrite === 'swapBatchNormAndActivation'
      ? swapPlaces(graph, document.layout.positions)
      : document.layout.positions;
  return changed({
    ...document,
    graph: rewritten,
    layout: { positions: placeNewNodes(rewritten, swapped) },
  });
}

function swapPlaces(graph: Graph, positions: Positions): Positions {
  return swappablePairs(graph).reduce((result, { first, second }) => {
    const [at, other] = [placeOf(positions, first), placeOf(positions, second)];
    return at && other ? { ...result, [first]: other, [second]: at } : result;
  }, positions);
}

/**
 * Puts each block without a position under the one that feeds it, and moves all blocks below it in that column down by
 * one.
 */
function placeNewNodes(graph: Graph, before: Positions): Positions {
  const ids = nodeIds(graph);
  let positions: Positions = Object.fromEntries(
    ids.flatMap((id) => {
      const place = placeOf(before, id);
      return place ? [[id, place]] : [];
    }),
  );
  for (const id of ids.filter((node) => !placeOf(before, node))) {
    const feeder = entriesOf(graph.wires).find(([target]) => nodeAt(target) === id)?.[1];
    const above = feeder && placeOf(positions, nodeAt(feeder));
    if (above) positions = { ...makeRoom(positions, above), [id]: movedBy(above, 0, PITCH.y) };
  }
  return positions;
}

function nodeAt(at: Endpoint): NodeId {
  return splitEndpoint(at).node;
}

function makeRoom(positions: Positions, above: Position): Positions {
  return Object.fromEntries(
    Object.entries(positions).map(([id, place]) => {
      const inColumn = Math.abs(place.x - above.x) < CARD.width;
      return [id, inColumn && place.y > above.y ? movedBy(place, 0, PITCH.y) : place];
    }),
  );
}
