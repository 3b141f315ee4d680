import { splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { Graph } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { nodeIds, nodeOf, wiresOf } from '../graph/lookup.ts';
import { makeLinks, reachableFrom, topologicalOrder, type Links } from '../graph/topology.ts';
import type { Shape } from '../program/shape.ts';

/** Blocks whose weights mix channels. A head ends at the first of them, seen from the Output. */
const WEIGHTED: readonly string[] = ['conv2d', 'convTranspose2d', 'dense'];

/** The two parts of a network that is fine-tuned. Blocks that do not reach the Output are in neither. */
export interface Parts {
  /** The blocks that give the logits, and all between them and the Output, in topological order. */
  readonly head: readonly NodeId[];
  /** Everything before the head, without the Input, in topological order. */
  readonly trunk: readonly NodeId[];
}

/** Blocks of the trunk at one spatial size. */
export interface Stage {
  /** `[height, width]` of the feature map that ends the stage; null where the trunk has no images. */
  readonly size: readonly [number, number] | null;
  /** In topological order. */
  readonly blocks: readonly NodeId[];
}

/** Shapes of the outputs of blocks, as `checkGraph` reports them. */
export type Shapes = ReadonlyMap<NodeId, Shape>;

function isWeighted(graph: Graph, id: NodeId): boolean {
  return WEIGHTED.includes(nodeOf(graph, id)?.kind ?? '');
}

function linksOf(graph: Graph): Links {
  const ids = nodeIds(graph);
  const known = new Set(ids);
  const wires = wiresOf(graph)
    .map(({ from, to }) => [from.node, to.node] as const)
    .filter(([from, to]) => known.has(from) && known.has(to));
  return makeLinks(ids, wires);
}

/**
 * Walks back from the Output to the first weighted block (Conv2D, ConvTranspose2D, Dense) on every path: these and what
 * follows them are the head, so a norm, a PReLU or a pooling after the last weights belongs to it. Where a path has no
 * weighted block, its blocks are part of the head.
 */
export function partsOf(graph: Graph): Parts {
  const links = linksOf(graph);
  const outputs = links.ids.filter((id) => nodeOf(graph, id)?.kind === 'output');
  const before = new Map(links.ids.map((id) => [id, isWeighted(graph, id) ? [] : previous(links, id)]));
  const head = reachableFrom(outputs, before);
  const used = reachableFrom(outputs, links.previous);
  const order = topologicalOrder(links).order.filter(
    (id) => used.has(id) && nodeOf(graph, id)?.kind !== 'input',
  );
  return {
    head: order.filter((id) => head.has(id)),
    trunk: order.filter((id) => !head.has(id)),
  };
}

function previous(links: Links, id: NodeId): readonly NodeId[] {
  return links.previous.get(id) ?? [];
}

/** The weighted blocks that give the logits: one, or several where the Output adds or joins their results. */
export function headOf(graph: Graph): readonly NodeId[] {
  return partsOf(graph).head.filter((id) => isWeighted(graph, id));
}

/**
 * Splits the trunk at blocks that change the spatial size by half or more, from the Input to the head. A strided
 * convolution or a pooling begins a stage; a valid convolution, which cuts off a border, does not. Vectors belong to
 * the stage they come from, so the gates of a squeeze-and-excitation stay with their feature map. A part without a
 * convolution (a padding, the last pooling of VGG with its Dense blocks) joins the stage after it, or the last one.
 */
export function stagesOf(graph: Graph, shapes: Shapes = checkGraph(graph).shapes): readonly Stage[] {
  const { trunk } = partsOf(graph);
  const levels = levelsOf(graph, trunk, shapes);
  const depth = 1 + Math.max(-1, ...levels.values());
  const cut = Array.from({ length: depth }, (_, level) => trunk.filter((id) => levels.get(id) === level));
  return merged(graph, cut, shapes).map((blocks) => ({ size: sizeOfLast(blocks, shapes), blocks }));
}

function levelsOf(graph: Graph, trunk: readonly NodeId[], shapes: Shapes): ReadonlyMap<NodeId, number> {
  const sources = sourcesOf(graph);
  const levels = new Map<NodeId, number>();
  for (const id of trunk) {
    const before = sources.get(id) ?? [];
    const level = Math.max(0, ...before.map((source) => levels.get(source) ?? 0));
    // Of all images that come in: the product of a feature map and a gate of one pixel keeps the size of the map.
    const images = before.filter((source) => shapes.get(source)?.length === 3);
    const isNext = images.length > 0 && images.every((one) => isResized(shapes.get(one), shapes.get(id)));
    levels.set(id, isNext ? level + 1 : level);
  }
  return levels;
}

function sourcesOf(graph: Graph): ReadonlyMap<NodeId, readonly NodeId[]> {
  const sources = new Map<NodeId, NodeId[]>();
  for (const { target, source } of wiresOf(graph)) {
    const { node } = splitEndpoint(target);
    const known = sources.get(node);
    if (known === undefined) sources.set(node, [splitEndpoint(source).node]);
    else known.push(splitEndpoint(source).node);
  }
  return sources;
}

/** Ratio of heights or widths from which a change of size begins a stage: 3:2, since 5 halves to 3. */
const RESIZE = 1.5;

function isResized(from: Shape | undefined, to: Shape | undefined): boolean {
  if (from?.length !== 3 || to?.length !== 3) return false;
  return [1, 2].some((axis) => {
    const [before, after] = [must(from[axis], 'size'), must(to[axis], 'size')];
    return before >= RESIZE * after || after >= RESIZE * before;
  });
}

function merged(
  graph: Graph,
  cut: readonly (readonly NodeId[])[],
  shapes: Shapes,
): readonly (readonly NodeId[])[] {
  const hasConvolution = (blocks: readonly NodeId[]): boolean =>
    blocks.some((id) => isWeighted(graph, id) && shapes.get(id)?.length !== 1);
  const stages: (readonly NodeId[])[] = [];
  let waiting: readonly NodeId[] = [];
  for (const blocks of cut) {
    waiting = [...waiting, ...blocks];
    if (!hasConvolution(blocks)) continue;
    stages.push(waiting);
    waiting = [];
  }
  const last = stages.pop();
  if (last === undefined) return waiting.length === 0 ? [] : [waiting];
  return [...stages, [...last, ...waiting]];
}

function sizeOfLast(blocks: readonly NodeId[], shapes: Shapes): Stage['size'] {
  const shape = blocks.map((id) => shapes.get(id)).findLast((each) => each?.length === 3);
  return shape === undefined ? null : [shape[1] ?? 1, shape[2] ?? 1];
}
