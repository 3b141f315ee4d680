import { entriesOf } from '#core/diagnostics/entries.ts';
import { splitEndpoint } from '#core/document/endpoint.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { Family } from '#core/nodes/definition.ts';
import type { Shape } from '#core/program/shape.ts';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly family: Family;
}

/**
 * A small drawing of a network, left to right: a bar for each block, as high as its image; arcs for skip connections.
 */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  /** SVG paths of the skip connections. */
  readonly arcs: readonly string[];
}

const HEIGHT = 96;
const MIDDLE = 42;
const FULL_BAR = 64;
const VECTOR_BAR = 18;
const SIDE_BAR = 10;
const MAX_STEP = 16;
/** A longer network is drawn with this many bars, each the highest of the blocks at its place, and without arcs. */
const MAX_BARS = 96;

/** Height of a block's bar: the square root of its image's share of the input's height; vectors are short. */
function barHeight(shape: Shape | undefined, inputHeight: number): number {
  const height = shape?.length === 3 ? (shape[1] ?? 1) : null;
  if (height === null) return VECTOR_BAR;
  return Math.max(VECTOR_BAR, FULL_BAR * Math.sqrt(height / inputHeight));
}

/** Column of each block: the length of the longest path to it from an input, in blocks. `order` has sources first. */
function columnsOf(
  order: readonly NodeId[],
  wires: readonly (readonly [NodeId, NodeId])[],
): Map<NodeId, number> {
  const columns = new Map<NodeId, number>(order.map((id) => [id, 0]));
  const sources = new Map<NodeId, NodeId[]>();
  for (const [from, to] of wires) sources.set(to, [...(sources.get(to) ?? []), from]);
  for (const id of order) {
    const before = (sources.get(id) ?? []).map((from) => (columns.get(from) ?? 0) + 1);
    columns.set(id, Math.max(0, ...before));
  }
  return columns;
}

/** Draws a valid network `width` wide; an invalid one returns an empty drawing. */
export function templatePreview(document: GraphDocument, width: number): Picture {
  const report = checkGraph(document.graph);
  const blocks = report.graph?.order ?? [];
  const inputHeight = report.graph?.inputShape[1] ?? 1;
  const wires = entriesOf(document.graph.wires).map(
    ([target, source]) => [splitEndpoint(source).node, splitEndpoint(target).node] as const,
  );
  const columns = columnsOf(
    blocks.map((block) => block.id),
    wires,
  );
  const count = Math.max(0, ...columns.values()) + 1;
  const step = Math.min(MAX_STEP, width / count);
  const left = (width - step * count) / 2;
  const xOf = (id: NodeId): number => left + (columns.get(id) ?? 0) * step;
  const taken = new Set<number>();
  const boxes = blocks.map((block): Box => {
    const column = columns.get(block.id) ?? 0;
    const isSide = taken.has(column);
    taken.add(column);
    const height = isSide ? SIDE_BAR : barHeight(block.shape, inputHeight);
    const y = isSide ? HEIGHT - SIDE_BAR - 4 : MIDDLE - height / 2;
    return { x: xOf(block.id), y, width: Math.max(2, step - 2), height, family: block.definition.family };
  });
  if (count > MAX_BARS) return { width, height: HEIGHT, boxes: fewer(boxes, width), arcs: [] };
  const arcs = wires
    .filter(([from, to]) => (columns.get(to) ?? 0) - (columns.get(from) ?? 0) > 1)
    .map(([from, to]) => arc(xOf(from) + step / 2, xOf(to) + step / 2));
  return { width, height: HEIGHT, boxes, arcs };
}

/** The highest box of each of `MAX_BARS` places, side by side. */
function fewer(boxes: readonly Box[], width: number): readonly Box[] {
  const step = width / MAX_BARS;
  const highest = new Map<number, Box>();
  for (const box of boxes) {
    const place = Math.min(MAX_BARS - 1, Math.floor(box.x / step));
    if (box.height > (highest.get(place)?.height ?? 0)) highest.set(place, box);
  }
  return [...highest].map(([place, box]) => ({ ...box, x: place * step, width: step - 0.5 }));
}

function arc(fromX: number, toX: number): string {
  const top = MIDDLE + FULL_BAR / 2 - 6;
  const bottom = HEIGHT - 9;
  return `M${fromX} ${top}C${fromX} ${bottom} ${fromX} ${bottom} ${fromX + 5} ${bottom}H${toX - 5}C${toX} ${bottom} ${toX} ${bottom} ${toX} ${top}`;
}
