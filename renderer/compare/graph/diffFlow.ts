import type { Edge, Node } from '@vue-flow/core';
import type { DrawnBlock, DrawnWire } from '#core/contract/comparison.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import { CARD } from '#core/layout/card.ts';
import { completeParams } from '#core/nodes/defaults.ts';
import { isFrozenBlock } from '#core/nodes/frozen.ts';
import { findDefinition } from '#core/nodes/registry.ts';
import type { WireData } from '../../editor/canvas/flowGraph.ts';
import type { BlockView } from '../../editor/state/blockView.ts';

/** The data of a card: what it shows, and how it differs. */
export interface DiffData {
  readonly view: BlockView;
  readonly block: DrawnBlock;
}

/** The card of a block as the editor shows it; of a block in both networks, as it is in A. */
export function viewOf(block: DrawnBlock): BlockView {
  const { id, kind, label, params, shape, parameterCount, statisticCount, inputs, outputs } = block;
  const definition = findDefinition(kind);
  return {
    ...{ id, kind, definition, family: definition?.family ?? null, label },
    summary: definition === undefined ? [] : definition.summary(completeParams(definition, params)),
    ...{ shape, parameterCount, statisticCount, inputs, outputs },
    isFrozen: isFrozenBlock({ kind, params }),
    ...{ diagnostics: [], severity: null },
  };
}

/** The blocks as Vue Flow nodes; `nameOf` is read out. */
export function diffNodes(
  cards: readonly DiffData[],
  selected: NodeId | null,
  nameOf: (card: DiffData) => string,
): Node<DiffData>[] {
  return cards.map((card) => ({
    ...{ id: card.block.id, type: 'diff', position: { ...card.block.corner }, data: card },
    ...{ selected: card.block.id === selected, draggable: false, connectable: false },
    ariaLabel: nameOf(card),
  }));
}

/** The wires along their routes; the class is the state. */
export function diffEdges(wires: readonly DrawnWire[]): Edge<WireData>[] {
  return wires.map(({ state, from, to, route }, index) => ({
    ...{ id: `wire${index}`, type: 'wire', class: state, data: { route } },
    ...{ source: from.block, sourceHandle: from.port, target: to.block, targetHandle: to.port },
    ...{ selectable: false, focusable: false, updatable: false },
  }));
}

/** The part of the canvas that the cards take up. */
export function areaOf(blocks: readonly DrawnBlock[]): {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
} {
  const xs = blocks.map(({ corner }) => corner.x);
  const ys = blocks.map(({ corner }) => corner.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + CARD.width, height: Math.max(...ys) - y + CARD.height };
}

/** Margins of the fitted graph, in screen pixels; the tools of the canvas are along its lower edge. */
const MARGIN = { side: 20, top: 16, bottom: 48 } as const;

/** The view of all of `area` in a canvas of `size`, not enlarged, at least at `leastZoom`. */
export function fittedView(
  size: { readonly width: number; readonly height: number },
  area: ReturnType<typeof areaOf>,
  leastZoom: number,
): { readonly x: number; readonly y: number; readonly zoom: number } {
  const room = { width: size.width - 2 * MARGIN.side, height: size.height - MARGIN.top - MARGIN.bottom };
  const zoom = Math.max(leastZoom, Math.min(1, room.width / area.width, room.height / area.height));
  const left = MARGIN.side + Math.max(0, room.width - area.width * zoom) / 2;
  const top = MARGIN.top + Math.max(0, room.height - area.height * zoom) / 2;
  return { x: left - area.x * zoom, y: top - area.y * zoom, zoom };
}

/** True for a block that is not the same in both models, weights included. */
export function isDifferent({ state, weights }: DrawnBlock): boolean {
  return state !== 'same' || weights.kind === 'differ' || weights.kind === 'shape';
}

/** The next block that differs after `current` in the order of the graph, and from its end on from its beginning. */
export function nextDifferent(blocks: readonly DrawnBlock[], current: NodeId | null): NodeId | null {
  const at = blocks.findIndex(({ id }) => id === current);
  return [...blocks.slice(at + 1), ...blocks.slice(0, at + 1)].find(isDifferent)?.id ?? null;
}

/** Relative differences of float32 rounding and below are drawn at the same, smallest length. */
const SMALLEST = 1e-7;

/** Length of the bar of a block's weights, from 0 to 1: logarithmic from 1e-7, full from a relative difference of 1. */
export function barLength({ weights }: DrawnBlock): number {
  if (weights.kind === 'none' || weights.kind === 'equal') return 0;
  if (weights.kind === 'shape' || weights.notFinite > 0) return 1;
  const share = 1 - Math.log10(Math.min(1, Math.max(SMALLEST, weights.relative))) / Math.log10(SMALLEST);
  return Math.max(0.04, share);
}
