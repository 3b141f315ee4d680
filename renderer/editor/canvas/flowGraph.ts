import { entriesOf } from '#core/diagnostics/entries.ts';
import type { Edge, Node } from '@vue-flow/core';
import { isEndpoint, splitEndpoint, type Endpoint } from '#core/document/endpoint.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { placeOf } from '#core/edit/place.ts';
import type { GraphDocument, Position } from '#core/document/schema.ts';
import type { BlockView } from '../state/blockView.ts';

type FlowNode = Node<BlockView>;

/** The data of a wire on the canvas: the points of its route (see `routesOf`). */
export interface WireData {
  readonly route: readonly Position[] | undefined;
}

const ORIGIN: Position = { x: 0, y: 0 };

/** The document's blocks as Vue Flow nodes. */
export function flowNodes(
  document: GraphDocument,
  views: ReadonlyMap<NodeId, BlockView>,
  selected: ReadonlySet<NodeId>,
  nameOf: (view: BlockView) => string,
): FlowNode[] {
  return [...views.values()].map((view) => ({
    id: view.id,
    type: 'block',
    position: { ...(placeOf(document.layout.positions, view.id) ?? ORIGIN) },
    data: view,
    selected: selected.has(view.id),
    ariaLabel: nameOf(view),
  }));
}

/** The wires whose two blocks exist, along `routes`; a wire's id is its input port. */
export function flowEdges(
  document: GraphDocument,
  routes: ReadonlyMap<string, readonly Position[]>,
  selected: ReadonlySet<Endpoint>,
  dropTarget: Endpoint | null,
): Edge<WireData>[] {
  return entriesOf(document.graph.wires).flatMap(([target, source]) => {
    const to = splitEndpoint(target);
    const from = splitEndpoint(source);
    const { nodes } = document.graph;
    if (!Object.hasOwn(nodes, to.node) || !Object.hasOwn(nodes, from.node)) return [];
    return [
      {
        id: target,
        type: 'wire',
        source: from.node,
        sourceHandle: from.port,
        target: to.node,
        targetHandle: to.port,
        selected: selected.has(target),
        class: target === dropTarget ? 'drop-target' : '',
        data: { route: routes.get(target) },
      },
    ];
  });
}

/** The topmost wire under a point of the screen, or null. */
export function wireAt(screen: Position): Endpoint | null {
  for (const element of document.elementsFromPoint(screen.x, screen.y)) {
    const id = element.closest('.vue-flow__edge')?.getAttribute('data-id');
    if (id && isEndpoint(id)) return id;
  }
  return null;
}
