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
   * `id`: blocks with the same id. `order`: blocks of the same kind, output shape and parameter shapes, the first with
   * the first and so on.
   */
  readonly by: 'id' | 'order';
  /** Sources first. */
  readonly pairs: readonly BlockPair[];
  readonly onlyA: readonly ShapedNode[];
  readonly onlyB: readonly ShapedNode[];
}

/** Aligns by id; by order when fewer than half of the ids of the smaller network are in the other. */
export function alignBlocks(a: ShapedGraph, b: ShapedGraph): Alignment {
  const shared = a.order.filter(({ id }) => b.byId.has(id)).length;
  const byId = 2 * shared >= Math.min(a.order.length, b.order.length);
  return byId
    ? align('id', a.order, b.order, ({ id }) => id)
    : align('order', inWireOrder(a), inWireOrder(b), signatureOf);
}

function align(
  by: Alignment['by'],
  a: readonly ShapedNode[],
  b: readonly ShapedNode[],
  keyOf: (block: ShapedNode) => string,
): Alignment {
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
  return { by, pairs, onlyA, onlyB: b.filter((block) => !taken.has(block)) };
}

function signatureOf({ definition, shape, parameters }: ShapedNode): string {
  return JSON.stringify([definition.kind, shape, parameters.map(({ field, dims }) => [field, dims])]);
}

/**
 * The blocks in an order that depends on the wires alone, sources first: from the Output back, each block after its
 * sources in the order of its ports. The order of a graph has ties by id. Blocks that do not reach the Output come last.
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
