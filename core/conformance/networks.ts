import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, Params } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { findDefinition } from '../nodes/registry.ts';
import { GraphBuilder } from '../templates/graphBuilder.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Shape } from '../program/shape.ts';
import { inEnglish } from '../words/catalogues.ts';

/** Adds a block after `sources` and returns its id; blocks are named after their kind, `conv2d1`, `conv2d2`, … */
export type Add = (kind: string, sources: readonly NodeId[], params?: Params) => NodeId;
/** Adds the blocks between Input and the final Dense block; returns the last one. */
export type Body = (add: Add, input: NodeId) => NodeId;
/** One block of a chain. */
export type Link = readonly [kind: string, params?: Params];

/** Number of classes of every network of the suite. */
const CLASSES = 3;

/**
 * Returns the graph Input, `body`, Flatten, a Dense block with `units` units, Output. Throws `InvariantError` for a
 * kind or a parameter that does not exist: a misspelt one would test something else.
 */
export function networkGraph(inputShape: Shape, body: Body, units = CLASSES): Graph {
  const builder = new GraphBuilder();
  const counts = new Map<string, number>();
  const add: Add = (kind, sources, params = {}) => {
    const known = must(findDefinition(kind), `block "${kind}"`).params;
    for (const name of Object.keys(params)) must(known[name], `parameter "${name}" of ${kind}`);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return builder.add(`${kind}${String(count)}`, kind, [0, counts.size], sources, params);
  };
  const [channels = 1, height = 1, width = 1] = inputShape;
  const input = builder.add('input', 'input', [0, 0], [], { channels, height, width });
  const last = body(add, input);
  const flat = builder.add('flat', 'flatten', [0, 1], [last]);
  const logits = builder.add('logits', 'dense', [0, 2], [flat], { units });
  builder.add('output', 'output', [0, 3], [logits]);
  return builder.build().graph;
}

/**
 * The same, validated and with inferred shapes. Throws `InvariantError` with the first problem of an invalid network.
 */
export function network(inputShape: Shape, body: Body, units = CLASSES): ShapedGraph {
  return shaped(networkGraph(inputShape, body, units));
}

export function shaped(graph: Graph): ShapedGraph {
  const report = checkGraph(graph);
  return must(
    report.graph,
    `network without errors (${report.diagnostics.map(({ message }) => inEnglish(message)).join('; ')})`,
  );
}

/** Returns a body with the given blocks in a row. */
export function chain(...links: readonly Link[]): Body {
  return (add, input) => links.reduce((last, [kind, params]) => add(kind, [last], params), input);
}

/** A 1×1 convolution to `channels` channels, since images have one or three. */
export function widen(channels: number): Link {
  return ['conv2d', { filters: channels, kernel: 1, bias: false }];
}
