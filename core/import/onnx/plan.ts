import { intOf } from './attributes.ts';
import {
  adaptivePoolStep,
  composedStep,
  constantAndOther,
  onlySource,
  survivalStep,
  type AdaptivePoolStep,
  type GroupNormStep,
  type LayerNormStep,
  type Planner,
} from './composed.ts';
import { tensorConstant } from './constants.ts';
import { foldNode, hasConstantInputs } from './foldConstants.ts';
import type { FileGraph, FileNode } from './fileModel.ts';
import { isElementwise, POINT_FUNCTIONS, recognizeFunction, type BlockFunction } from './functions.ts';
import type { GraphIndex } from './graphIndex.ts';
import type { Constant } from './values.ts';

/** A node, or several that are one block together. `node` is the last of them. */
export type Step =
  | { readonly kind: 'operator'; readonly node: FileNode }
  /** An element-wise function of the value `base`. */
  | { readonly kind: 'function'; readonly node: FileNode; readonly base: string; readonly is: BlockFunction }
  /** A Conv, ConvTranspose, Gemm or MatMul without bias, and the Add after it. */
  | { readonly kind: 'biased'; readonly node: FileNode; readonly layer: FileNode; readonly bias: string }
  | GroupNormStep
  | LayerNormStep
  | AdaptivePoolStep;

export interface Plan {
  /** Sources first; only what the output needs. */
  readonly steps: readonly Step[];
  /** Every constant that does not depend on the images. */
  readonly constants: ReadonlyMap<string, Constant>;
}

const MOST_NODES_OF_FUNCTION = 16;
const LAYERS = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'];

/** Plans the steps from the images to the value `output`, from the end to the beginning. */
export function planSteps(graph: FileGraph, index: GraphIndex, output: string): Plan {
  const constants = foldAll(graph, index);
  const needed = new Set([output]);
  const steps: Step[] = [];
  const planner: Planner = { index, constants };
  for (const node of [...index.order].reverse()) {
    const isNeeded = node.outputs.some((name) => needed.has(name) && !constants.has(name));
    if (!isNeeded) continue;
    const step = stepOf(node, planner);
    steps.push(step);
    for (const name of inputsOf(step)) needed.add(name);
  }
  return { steps: steps.reverse(), constants };
}

function foldAll({ initializers }: FileGraph, { order }: GraphIndex): Map<string, Constant> {
  const constants = new Map(
    initializers.map((tensor) => [tensor.name, tensorConstant(tensor, tensor.name)] as const),
  );
  for (const node of order) {
    const inputs = node.inputs.map((name) => constants.get(name) ?? null);
    const isConstant = hasConstantInputs(node, (name) => constants.has(name));
    const folded = isConstant ? foldNode(node, inputs) : null;
    const [output] = node.outputs;
    if (folded !== null && output !== undefined) constants.set(output, folded);
  }
  return constants;
}

function stepOf(node: FileNode, planner: Planner): Step {
  return (
    composedStep(node, planner) ??
    biasedStep(node, planner) ??
    survivalStep(node, planner) ??
    adaptivePoolStep(node, planner) ??
    functionStep(node, planner) ?? { kind: 'operator', node }
  );
}

/** The names of the values that a step reads. */
export function inputsOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'operator':
      return step.node.inputs.filter((name) => name !== '');
    case 'function':
      return [step.base];
    case 'biased':
      return [...step.layer.inputs.filter((name) => name !== ''), step.bias];
    case 'adaptivePool':
      return [step.base, step.rows, step.columns];
    case 'layerNorm':
      return [step.base, ...[step.gamma, step.beta].filter((name) => name !== null)];
    case 'groupNorm':
      return [step.base, step.sizes, ...[step.gamma, step.beta].filter((name) => name !== null)];
  }
}

function biasedStep(node: FileNode, planner: Planner): Step | null {
  const split = node.opType === 'Add' && node.domain === '' ? constantAndOther(node, planner) : null;
  if (split === null) return null;
  const [bias, other] = split;
  const layer = onlySource(other, planner);
  if (layer === null || !LAYERS.includes(layer.opType) || (layer.inputs[2] ?? '') !== '') return null;
  return { kind: 'biased', node, layer, bias };
}

/** Searches backwards for the value whose function the node is; the nearest such value first. */
function functionStep(node: FileNode, planner: Planner): Step | null {
  if (!isElementwise(node) || ['Identity', 'Cast'].includes(node.opType)) return null;
  const inside = new Set([node]);
  let frontier = variablesOf(node, planner);
  for (let count = 0; frontier !== null && count < MOST_NODES_OF_FUNCTION; count += 1) {
    const [base, ...others] = frontier;
    if (base === undefined) return null;
    const is =
      others.length === 0 ? recognizeFunction((x) => evaluate(node, base, x, inside, planner)) : null;
    if (is !== null) return { kind: 'function', node, base, is };
    frontier = expand(frontier, inside, planner);
  }
  return null;
}

/** Replaces the value that is made last by the values that it is made of; null where that is no function of them. */
function expand(
  frontier: readonly string[],
  inside: Set<FileNode>,
  planner: Planner,
): readonly string[] | null {
  const { producers, rank } = planner.index;
  const rankOf = (name: string): number => {
    const source = producers.get(name);
    return source === undefined ? -1 : (rank.get(source) ?? -1);
  };
  const latest = frontier.reduce((best, name) => (rankOf(name) > rankOf(best) ? name : best));
  const source = producers.get(latest);
  if (source === undefined || !isElementwise(source)) return null;
  const variables = variablesOf(source, planner);
  if (variables === null) return null;
  inside.add(source);
  return [...new Set([...frontier.filter((name) => name !== latest), ...variables])];
}

/** The inputs of an element-wise node that are no constants; null where a constant has many elements. */
function variablesOf(node: FileNode, { constants }: Planner): readonly string[] | null {
  const variables = node.inputs.filter((name) => name !== '' && !constants.has(name));
  const isScalar = node.inputs.every((name) => {
    const held = constants.get(name);
    return held === undefined || held.dims.every((dim) => dim === 1);
  });
  return isScalar && variables.length > 0 ? [...new Set(variables)] : null;
}

/** The value of `node` where `base` is `x`. The nodes `inside` lie between both; there are at most 17 of them. */
function evaluate(
  node: FileNode,
  base: string,
  x: number,
  inside: ReadonlySet<FileNode>,
  planner: Planner,
): number {
  const known = new Map([[base, x]]);
  const sorted = [...inside].sort(
    (a, b) => (planner.index.rank.get(a) ?? 0) - (planner.index.rank.get(b) ?? 0),
  );
  const valueOf = (name: string): number | undefined => {
    if (name === '') return undefined;
    return known.get(name) ?? planner.constants.get(name)?.read()[0];
  };
  for (const each of sorted) {
    const [output = ''] = each.outputs;
    if (output === base) continue;
    known.set(output, POINT_FUNCTIONS[each.opType]?.(each, ...each.inputs.map(valueOf)) ?? NaN);
  }
  return known.get(node.outputs[0] ?? '') ?? NaN;
}

/** The values that the graph's output is probabilities of, and the nodes that were left out for that. */
export function logitsOf(
  output: string,
  { producers }: GraphIndex,
): { readonly value: string; readonly dropped: readonly FileNode[] } {
  let value = output;
  const dropped: FileNode[] = [];
  for (let node = producers.get(value); node !== undefined; node = producers.get(value)) {
    const passes = node.opType === 'Identity' || (node.opType === 'Cast' && intOf(node, 'to', 1) === 1);
    const isReadout = ['Softmax', 'LogSoftmax', 'Sigmoid'].includes(node.opType) && dropped.length === 0;
    const [source = ''] = node.inputs;
    if (node.domain !== '' || (!passes && !isReadout) || source === '') break;
    if (isReadout) dropped.push(node);
    value = source;
  }
  return { value, dropped };
}
