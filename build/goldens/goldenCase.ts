import { must } from '#core/diagnostics/invariantError.ts';
import { chain, networkGraph, type Body, type Link } from '#core/conformance/networks.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import type { Graph } from '#core/document/schema.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import type { OptimizerSettings } from '#core/optimizers/registry.ts';
import type { UpdateTerms } from '#core/program/optimizer.ts';
import type { Shape } from '#core/program/shape.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import type { StartScheme } from './goldenValues.ts';

/** A network and how it is run, as plain data: a golden file stores it beside PyTorch's numbers. */
export interface GoldenCase {
  readonly family: string;
  readonly name: string;
  /** All parameters are explicit, so that a changed default does not change the golden. */
  readonly graph: Graph;
  readonly batch: number;
  /** Maximum absolute value of an image's noise. */
  readonly scale: number;
  readonly scheme: StartScheme;
  /** Images contain a pattern of their class. */
  readonly patterned: boolean;
  readonly someLabels: boolean;
  readonly steps: number;
  readonly learningRate: number;
  /** The optimizer's settings are plain data, as read by the PyTorch script. */
  readonly options: { readonly optimizer: UpdateSettings; readonly labelSmoothing: number };
}

/** An optimizer with the terms of its update: the input of `planOf`. */
export type UpdateSettings = OptimizerSettings & UpdateTerms;

type Settings = Partial<Omit<GoldenCase, 'family' | 'name' | 'graph' | 'options'>> & {
  readonly options?: Partial<GoldenCase['options']>;
};

/** Ids that `networkGraph` assigns to the closing Flatten and Dense. */
const HEAD = { flat: toNodeId('flat'), logits: toNodeId('logits') };

const PLAIN_SGD = { kind: 'sgd', momentum: 0, nesterov: false, l1: 0, l2: 0 } as const;

/** One operation: a single step that changes no parameter (rate 0), on a batch of two by default. */
export function bodyCase(
  family: string,
  name: string,
  inputShape: Shape,
  body: Body,
  settings: Settings = {},
): GoldenCase {
  return withSettings({ family, name, graph: networkGraph(inputShape, body) }, settings);
}

/** The same for a chain of blocks. */
export function chainCase(
  family: string,
  name: string,
  inputShape: Shape,
  links: readonly Link[],
  settings: Settings = {},
): GoldenCase {
  return bodyCase(family, name, inputShape, chain(...links), settings);
}

/** Adds the run settings to a network; the defaults are those of a single step on an operation. */
export function withSettings(
  named: Pick<GoldenCase, 'family' | 'name' | 'graph'>,
  settings: Settings,
): GoldenCase {
  return {
    ...{ batch: 2, scale: 1.5, scheme: 'spread', patterned: false, someLabels: false },
    ...{ steps: 1, learningRate: 0 },
    ...settings,
    ...named,
    options: { optimizer: PLAIN_SGD, labelSmoothing: 0, ...settings.options },
  };
}

/** The checked network of a case. Throws `InvariantError` with the first problem of an invalid network. */
export function shapedGraph({ name }: Pick<GoldenCase, 'name'>, graph: Graph): ShapedGraph {
  const report = checkGraph(graph);
  return must(
    report.graph,
    `${name} without errors (${report.diagnostics.map(({ message }) => inEnglish(message)).join('; ')})`,
  );
}

/**
 * The case's network with as many logits as its operation has output values: the closing Dense has the identity as its
 * weights, so the logits equal the operation's output bit for bit.
 */
export function withWideHead(one: GoldenCase): Graph {
  const [values = 0] = must(shapedGraph(one, one.graph).byId.get(HEAD.flat), 'flat').shape;
  const head = must(one.graph.nodes[HEAD.logits], 'logits');
  const wide = { ...head, params: { ...head.params, units: values } };
  return { ...one.graph, nodes: { ...one.graph.nodes, [HEAD.logits]: wide } };
}
