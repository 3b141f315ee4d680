import type { NodeId } from '../diagnostics/ids.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';

/** A block of each network that stand for the same. */
export interface BlockPair {
  readonly a: ShapedNode;
  readonly b: ShapedNode;
}

/** Which block of one network corresponds to which of the other. */
export interface Alignment {
  /**
   * `id`: blocks with the same id, then the rest as for `order`. `order`: blocks of the same kind, output shape and
   * parameter shapes, the first with the first and so on.
   */
  readonly by: 'id' | 'order';
  /** Number of pairs that were not found by their id. */
  readonly pairedByOrder: number;
  /** Sources first. */
  readonly pairs: readonly BlockPair[];
  readonly onlyA: readonly ShapedNode[];
  readonly onlyB: readonly ShapedNode[];
}

type Pairs = Pick<Alignment, 'pairs' | 'onlyA' | 'onlyB'>;

/** Aligns by id; by order alone when fewer than half of the ids of the smaller network are in the other. */
export function alignBlocks(a: ShapedGraph, b: ShapedGraph): Alignment {
  const named = pairUp(a.order, b.order, ({ id }) => id);
  const isNamed = 2 * named.pairs.length >= Math.min(a.order.length, b.order.length);
  const known = isNamed ? named : { pairs: [], onlyA: a.order, onlyB: b.order };
  const [restA, restB] = [new Set(known.onlyA), new Set(known.onlyB)];
  const rest = pairUp(
    inWireOrder(a).filter((block) => restA.has(block)),
    inWireOrder(b).filter((block) => restB.has(block)),
    signatureOf,
  );
  const places = new Map(a.order.map((block, place) => [block, place]));
  const placeOf = (pair: BlockPair): number => places.get(pair.a) ?? 0;
  return {
    ...rest,
    by: isNamed ? 'id' : 'order',
    pairedByOrder: rest.pairs.length,
    pairs: [...known.pairs, ...rest.pairs].toSorted((one, other) => placeOf(one) - placeOf(other)),
  };
}

/** Pairs blocks of the same key: the first with the first, the second with the second. */
function pairUp(
  a: readonly ShapedNode[],
  b: readonly ShapedNode[],
  keyOf: (block: ShapedNode) => string,
): Pairs {
  const waiting = new Map<string, ShapedNode[]>();
  // Reversed, so that the first of a key is taken from the end.
  for (const block of b.toReversed()) {
    const key = keyOf(block);
    const same = waiting.get(key);
    if (same === undefined) waiting.set(key, [block]);
    else same.push(block);
  }
  const pairs: BlockPair[] = [];
  const onlyA: ShapedNode[] = [];
  for (const block of a) {
    const other = waiting.get(keyOf(block))?.pop();
    if (other === undefined) onlyA.push(block);
    else pairs.push({ a: block, b: other });
  }
  const taken = new Set(pairs.map((pair) => pair.b));
  return { pairs, onlyA, onlyB: b.filter((block) => !taken.has(block)) };
}

function signatureOf({ definition, shape, parameters }: ShapedNode): string {
  return JSON.stringify([definition.kind, shape, parameters.map(({ field, dims }) => [field, dims])]);
}

/**
 * The blocks in an order that depends on the wires alone, sources first: from the Output back, each block after its
 * sources in the order of its ports. The order of a graph has ties by id. Blocks that do not reach the Output come
 * last.
 */
function inWireOrder({ order, byId, output }: ShapedGraph): readonly ShapedNode[] {
  const placed = new Set<ShapedNode>();
  const entered = new Set<NodeId>([output.id]);
  const stack = [{ block: output, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const source = top.block.sources[top.next];
    top.next += 1;
    if (source === undefined) {
      placed.add(top.block);
      stack.pop();
      continue;
    }
    const block = byId.get(splitEndpoint(source).node);
    if (block === undefined || entered.has(block.id)) continue;
    entered.add(block.id);
    stack.push({ block, next: 0 });
  }
  return [...placed, ...order.filter((block) => !placed.has(block))];
}
