import { floatOf, intsOf } from './attributes.ts';
import type { FileNode } from './fileModel.ts';
import { axesOf } from './foldConstants.ts';
import type { BlockFunction } from './functions.ts';
import type { GraphIndex } from './graphIndex.ts';
import type { Constant } from './values.ts';

/** What is known of a graph while its steps are planned. */
export interface Planner {
  readonly index: GraphIndex;
  readonly constants: ReadonlyMap<string, Constant>;
}

/** Reshape to groups, InstanceNormalization, Reshape back, and what follows of Mul and Add. */
export interface GroupNormStep {
  readonly kind: 'groupNorm';
  readonly node: FileNode;
  readonly base: string;
  readonly groups: number;
  readonly epsilon: number;
  readonly gamma: string | null;
  readonly beta: string | null;
  /** The value with the sizes of the second Reshape. */
  readonly sizes: string;
}

/** The mean, the deviation from it, its square's mean, and the division, with what follows of Mul and Add. */
export interface LayerNormStep {
  readonly kind: 'layerNorm';
  readonly node: FileNode;
  readonly base: string;
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly gamma: string | null;
  readonly beta: string | null;
}

/** The norm that the node is the end of, where exporters compose it of several nodes; null where it is none. */
export function composedStep(node: FileNode, planner: Planner): GroupNormStep | LayerNormStep | null {
  const [beta, before] = peel(node, 'Add', planner);
  const [gamma, inner] = peel(before, 'Mul', planner);
  if (inner === null) return null;
  const affine = { node, gamma, beta };
  return groupNormStep(inner, affine, planner) ?? layerNormStep(inner, affine, planner);
}

/** `rows * x * columns` by constant matrices, as our exporter writes an adaptive average pooling. */
export interface AdaptivePoolStep {
  readonly kind: 'adaptivePool';
  readonly node: FileNode;
  readonly base: string;
  /** Names of constants `[P, H]` and `[W, Q]`. */
  readonly rows: string;
  readonly columns: string;
}

export function adaptivePoolStep(node: FileNode, planner: Planner): AdaptivePoolStep | null {
  const [rows = '', along = ''] = node.inputs;
  const inner = node.opType === 'MatMul' && planner.constants.has(rows) ? onlySource(along, planner) : null;
  const [base = '', columns = ''] = inner?.opType === 'MatMul' ? inner.inputs : [];
  const isPool = planner.constants.has(columns) && !planner.constants.has(base) && base !== '';
  return isPool ? { kind: 'adaptivePool', node, base, rows, columns } : null;
}

type Affine = Pick<GroupNormStep, 'node' | 'gamma' | 'beta'>;

/** The constant of a node of this operator, and the node before it; the node itself where it is another one. */
function peel(
  node: FileNode | null,
  opType: string,
  planner: Planner,
): readonly [constant: string | null, inner: FileNode | null] {
  const split = node?.opType === opType ? constantAndOther(node, planner) : null;
  return split === null ? [null, node] : [split[0], onlySource(split[1], planner)];
}

function groupNormStep(back: FileNode, affine: Affine, planner: Planner): GroupNormStep | null {
  if (back.opType !== 'Reshape') return null;
  const norm = onlySource(back.inputs[0] ?? '', planner);
  const [grouped = '', scale = '', shift = ''] = norm?.inputs ?? [];
  if (norm?.opType !== 'InstanceNormalization') return null;
  const parted = onlySource(grouped, planner);
  const sizes = planner.constants.get(parted?.inputs[1] ?? '')?.small();
  const groups = sizes?.[1];
  if (parted?.opType !== 'Reshape' || sizes?.length !== 3 || typeof groups !== 'number') return null;
  if (!isFilled(scale, 1, groups, planner) || !isFilled(shift, 0, groups, planner)) return null;
  const [base = ''] = parted.inputs;
  const epsilon = floatOf(norm, 'epsilon', 1e-5);
  return { kind: 'groupNorm', ...affine, base, groups, epsilon, sizes: back.inputs[1] ?? '' };
}

function isFilled(name: string, value: number, count: number, { constants }: Planner): boolean {
  const held = constants.get(name);
  if (held?.dims.length !== 1 || held.dims[0] !== count) return false;
  return held.read().every((element) => element === value);
}

/** `(x - mean) / sqrt(mean((x - mean)^2) + epsilon)`, as PyTorch's exporter writes it before opset 17. */
function layerNormStep(division: FileNode, affine: Affine, planner: Planner): LayerNormStep | null {
  const { producers } = planner.index;
  if (division.opType !== 'Div') return null;
  const [above, below] = division.inputs.map((name) => producers.get(name));
  const sum = below?.opType === 'Sqrt' ? producers.get(below.inputs[0] ?? '') : undefined;
  const split = sum?.opType === 'Add' ? constantAndOther(sum, planner) : null;
  const epsilon = split && planner.constants.get(split[0])?.small()?.[0];
  const variance = split && producers.get(split[1]);
  const square = variance?.opType === 'ReduceMean' ? producers.get(variance.inputs[0] ?? '') : undefined;
  const deviation = square && squaredBy(square, planner);
  const [base, mean] = above && deviation === above ? meanOf(above, planner) : [];
  if (base === undefined || mean === undefined || variance === null || variance === undefined) return null;
  const [axes, others] = [mean, variance].map((node) => axesOfMean(node, planner));
  if (typeof epsilon !== 'number' || !axes || axes.join() !== others?.join()) return null;
  return { kind: 'layerNorm', ...affine, base, axes, epsilon };
}

/** The node whose output `square` squares. */
function squaredBy(square: FileNode, { index, constants }: Planner): FileNode | null {
  const [one = '', other = ''] = square.inputs;
  const isPower = square.opType === 'Pow' && constants.get(other)?.small()?.[0] === 2;
  const isProduct = square.opType === 'Mul' && one === other;
  return isPower || isProduct ? (index.producers.get(one) ?? null) : null;
}

/** The value and its mean, of a node that subtracts both. */
function meanOf(node: FileNode, { index }: Planner): readonly [string, FileNode] | readonly [] {
  const [base = '', subtracted = ''] = node.inputs;
  const mean = index.producers.get(subtracted);
  return node.opType === 'Sub' && mean?.opType === 'ReduceMean' && mean.inputs[0] === base
    ? [base, mean]
    : [];
}

function axesOfMean(mean: FileNode, { constants }: Planner): readonly number[] | null {
  return axesOf(mean, constants.get(mean.inputs[1] ?? '')) ?? intsOf(mean, 'axes');
}

/** A step that is a block of one input. */
interface FunctionStep {
  readonly kind: 'function';
  readonly node: FileNode;
  readonly base: string;
  readonly is: BlockFunction;
}

/**
 * Stochastic depth of a network exported for training: the product with `(random < survival) / survival`, one random
 * number per sample.
 */
export function survivalStep(node: FileNode, planner: Planner): FunctionStep | null {
  const { index, constants } = planner;
  const survivalOf = (name: string): number | null => {
    let source = index.producers.get(name);
    while (source?.opType === 'Div' || source?.opType === 'Cast')
      source = index.producers.get(source.inputs[0] ?? '');
    const [random = '', bound = ''] = source?.opType === 'Less' ? source.inputs : [];
    const share = constants.get(bound)?.small()?.[0];
    const isRandom = index.producers.get(random)?.opType === 'RandomUniformLike';
    return isRandom && typeof share === 'number' ? share : null;
  };
  if (node.opType !== 'Mul') return null;
  for (const [at, name] of node.inputs.entries()) {
    const survival = survivalOf(name);
    const base = node.inputs[1 - at];
    if (survival === null || base === undefined) continue;
    const rate = Number((1 - survival).toPrecision(6));
    return { kind: 'function', node, base, is: { kind: 'stochasticDepth', params: { rate } } };
  }
  return null;
}

/** The node that outputs `name`, where nothing else uses it. */
export function onlySource(name: string, { index }: Planner): FileNode | null {
  return index.uses.get(name) === 1 ? (index.producers.get(name) ?? null) : null;
}

/** The constant and the other input of a node with two inputs. */
export function constantAndOther(node: FileNode, { constants }: Planner): readonly [string, string] | null {
  const [one = '', other = ''] = node.inputs;
  if (node.inputs.length !== 2) return null;
  if (constants.has(other) && !constants.has(one)) return [other, one];
  return constants.has(one) && !constants.has(other) ? [one, other] : null;
}
