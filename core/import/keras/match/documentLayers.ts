import { splitEndpoint } from '../../../document/endpoint.ts';
import type { NodeId } from '../../../diagnostics/ids.ts';
import type { ShapedGraph, ShapedNode } from '../../../graph/shapedGraph.ts';
import {
  asIs,
  convKernel,
  denseKernel,
  depthwiseKernel,
  featureValues,
  imageValues,
  transposedKernel,
  type Recipe,
} from '../slotValues.ts';
import { plainOrder, type VectorOrder } from '../vectorOrder.ts';
import type { LayerClass } from './fileLayers.ts';

/** A slot of a block, and how a tensor of Keras becomes its value. */
export interface Place {
  readonly slot: string;
  readonly role: string;
  readonly dims: readonly number[];
  readonly recipe: Recipe;
  /** True for a gamma or beta that is not trained: Keras may have left it out. */
  readonly isOptional: boolean;
}

/** A block that can take the tensors of one layer; two blocks for a separable convolution. */
export interface DocumentLayer {
  readonly kind: LayerClass;
  readonly id: NodeId;
  /** In Keras' order. */
  readonly places: readonly Place[];
}

/** The blocks with slots in topological order. `pairs`: a depthwise and a 1 × 1 convolution make a separable one. */
export function documentLayers(graph: ShapedGraph, pairs: boolean): readonly DocumentLayer[] {
  const orders = vectorOrders(graph);
  const layers = new Map<NodeId, DocumentLayer>();
  for (const node of graph.order) {
    const layer = layerOf(node, orders);
    if (layer === null) continue;
    const before = pairs ? layers.get(sourceOf(node)) : undefined;
    const isPair =
      before?.kind === 'depthwise' && before.places.length === 1 && layer.kind === 'conv' && isPoint(node);
    if (!isPair) {
      layers.set(node.id, layer);
      continue;
    }
    const [kernel] = before.places;
    const first = kernel === undefined ? [] : [{ ...kernel, role: 'depthwise_kernel' }];
    const rest = layer.places.map((place) =>
      place.role === 'kernel' ? { ...place, role: 'pointwise_kernel' } : place,
    );
    layers.delete(before.id);
    layers.set(node.id, { kind: 'separable', id: node.id, places: [...first, ...rest] });
  }
  return [...layers.values()];
}

function sourceOf(node: ShapedNode): NodeId {
  const [source] = node.sources;
  return source === undefined ? node.id : splitEndpoint(source).node;
}

function isPoint({ params }: ShapedNode): boolean {
  return params['kernel'] === 1 && params['rectangular'] !== true && params['groups'] === 1;
}

function layerOf(node: ShapedNode, orders: ReadonlyMap<NodeId, VectorOrder | null>): DocumentLayer | null {
  const order = orders.get(sourceOf(node)) ?? null;
  const kind = kindOf(node);
  if (kind === null || node.parameters.length === 0) return null;
  const slots = new Map<string, readonly number[]>(node.parameters.map(({ field, dims }) => [field, dims]));
  if (node.statisticChannels > 0)
    for (const field of ['mean', 'variance']) slots.set(field, [node.statisticChannels]);
  const places = [...slots].flatMap(([field, dims]): Place[] => {
    const recipe = recipeOf(node, kind, { field, dims, order });
    const role = roleOf(kind, field);
    if (role === null || recipe === null) return [];
    return [{ slot: `${node.id}.${field}`, role, dims, recipe, isOptional: isUntrained(node, field) }];
  });
  return { kind, id: node.id, places };
}

function isUntrained({ params }: ShapedNode, field: string): boolean {
  return (
    (field === 'gamma' && params['trainGamma'] === false) ||
    (field === 'beta' && params['trainBeta'] === false)
  );
}

function roleOf(kind: LayerClass, field: string): string | null {
  if (kind === 'prelu') return 'alpha';
  return kind === 'depthwise' && field === 'weights' ? 'depthwise_kernel' : (ROLES[field] ?? null);
}

/** Names of Keras' tensors by our fields. */
const ROLES: Readonly<Record<string, string>> = {
  weights: 'kernel',
  bias: 'bias',
  gamma: 'gamma',
  beta: 'beta',
  mean: 'moving_mean',
  variance: 'moving_variance',
};

const KINDS: Readonly<Record<string, LayerClass>> = {
  convTranspose2d: 'transposed',
  dense: 'dense',
  batchNorm: 'batchNorm',
  layerNorm: 'layerNorm',
  groupNorm: 'groupNorm',
  prelu: 'prelu',
};

function kindOf({ definition, params, inputShapes }: ShapedNode): LayerClass | null {
  if (definition.kind !== 'conv2d') return KINDS[definition.kind] ?? null;
  const channels = inputShapes[0]?.[0];
  return params['groups'] === channels && channels !== 1 ? 'depthwise' : 'conv';
}

interface SlotAt {
  readonly field: string;
  readonly dims: readonly number[];
  readonly order: VectorOrder | null;
}

function recipeOf(node: ShapedNode, kind: LayerClass, { field, dims, order }: SlotAt): Recipe | null {
  const inputs = node.inputShapes[0] ?? [];
  if (field === 'weights') {
    if (kind === 'conv') return convKernel(dims);
    if (kind === 'depthwise') return depthwiseKernel(dims, inputs[0] ?? 1);
    if (kind === 'transposed') return transposedKernel(dims);
    if (kind === 'dense') return denseKernel(dims, order ?? plainOrder(dims[1] ?? 1));
    return kind === 'prelu' ? asIs([...inputs.slice(1).map(() => 1), ...dims]) : null;
  }
  if (field === 'bias') return asIs(dims);
  if (dims.length === 3) return imageValues(dims);
  return order === null ? asIs(dims) : featureValues(order, dims);
}

/** Order of the values of every block's output in a model of Keras with the same blocks; null for images. */
function vectorOrders(graph: ShapedGraph): ReadonlyMap<NodeId, VectorOrder | null> {
  const orders = new Map<NodeId, VectorOrder | null>();
  for (const node of graph.order) {
    const before = node.sources.map((source) => orders.get(splitEndpoint(source).node) ?? null);
    orders.set(node.id, node.shape.length === 1 ? outputOrder(node, before) : null);
  }
  return orders;
}

function outputOrder(node: ShapedNode, before: readonly (VectorOrder | null)[]): VectorOrder {
  const [size = 0] = node.shape;
  const [shape = []] = node.inputShapes;
  const [channels = 1, height = 1, width = 1] = shape;
  const kind = node.definition.kind;
  if (kind === 'flatten' || kind === 'reshape')
    return shape.length === 3 ? [{ channels, height, width }] : (before[0] ?? plainOrder(size));
  if (kind === 'dense' || kind === 'globalAvgPool') return plainOrder(size);
  if (kind === 'concat') return before.flatMap((order) => order ?? []);
  return before[0] ?? plainOrder(size);
}
