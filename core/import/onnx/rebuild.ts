import { message, type Message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import { Assembly } from './assembly.ts';
import { intOf } from './attributes.ts';
import { biasedBlock, convBlock, convTransposeBlock, gemmBlock, matMulBlock, preluBlock } from './convOps.ts';
import type { FileGraph, FileModel, FileNode } from './fileModel.ts';
import { foldNode, hasConstantInputs } from './foldConstants.ts';
import { ancestorsOf, indexGraph, nodeTitle } from './graphIndex.ts';
import { NO_BLOCK } from './functions.ts';
import { graphInput } from './graphInput.ts';
import { padBlock, resizeBlock } from './imageOps.ts';
import { addBlock, concatBlock, multiplyBlock, subtractOrDivide, type Joined } from './mergeOps.ts';
import {
  batchNormBlock,
  composedGroupNorm,
  groupNormBlock,
  instanceNormBlock,
  layerNorm,
  layerNormBlock,
} from './normOps.ts';
import { logitsOf, planSteps, type Step } from './plan.ts';
import {
  averagePoolBlock,
  composedAdaptivePool,
  dropoutBlock,
  globalAveragePoolBlock,
  maxPoolBlock,
  reduceMeanBlock,
  softmaxBlock,
} from './poolOps.ts';
import { flattened, reshaped, shapeOf, squeezed, transposed, unsqueezed } from './shapeOps.ts';
import { Site, type FileFacts } from './site.ts';
import type { Constant, Value } from './values.ts';
import type { Graph } from '../../document/schema.ts';

/** The network of a graph, rebuilt of our blocks. */
export interface Rebuilt {
  readonly graph: Graph;
  readonly assembly: Assembly;
  /** Number of logits. */
  readonly logitCount: number;
  /** Names of all values that the logits are computed from. */
  readonly used: ReadonlySet<string>;
}

type Operator = (site: Site, joined: Joined) => Value;

const OPERATORS: Readonly<Record<string, Operator>> = {
  Conv: (site) => convBlock(site, null),
  ConvTranspose: (site) => convTransposeBlock(site, null),
  Gemm: (site) => gemmBlock(site, null),
  MatMul: (site) => matMulBlock(site, null),
  BatchNormalization: batchNormBlock,
  InstanceNormalization: instanceNormBlock,
  GroupNormalization: groupNormBlock,
  LayerNormalization: layerNormBlock,
  PRelu: preluBlock,
  Softmax: softmaxBlock,
  MaxPool: maxPoolBlock,
  AveragePool: averagePoolBlock,
  GlobalAveragePool: globalAveragePoolBlock,
  ReduceMean: reduceMeanBlock,
  Flatten: flattened,
  Reshape: reshaped,
  Squeeze: squeezed,
  Unsqueeze: unsqueezed,
  Transpose: transposed,
  Shape: shapeOf,
  Pad: padBlock,
  Resize: resizeBlock,
  Upsample: resizeBlock,
  Add: addBlock,
  Sum: addBlock,
  Mul: multiplyBlock,
  Sub: subtractOrDivide,
  Div: subtractOrDivide,
  Concat: concatBlock,
  Dropout: dropoutBlock,
  Identity: passed,
  Cast: passed,
  CastLike: passed,
};
/** Operators that only occur on shapes, where `foldNode` computes them. */
const OF_SHAPES = ['Gather', 'Slice', 'Range', 'ConstantOfShape', 'Expand'];

/**
 * Rebuilds the network from the images to the first output. Throws a fault that names the first operator which no block
 * equals, with the number of further ones.
 */
export function rebuild(model: FileModel, notes: Message[]): Rebuilt {
  const { graph } = model;
  const index = indexGraph(graph);
  const output = firstOutput(graph, notes);
  const { value, dropped } = logitsOf(output, index);
  for (const node of dropped)
    notes.push(message('onnxFiles.readoutDropped', { node: nodeTitle(node), kind: node.opType }));
  const plan = planSteps(graph, index, value);
  refuseUnknown(plan.steps);
  const input = graphInput(graph.inputs, plan, index, notes);
  const assembly = new Assembly(input.shape);
  const facts: FileFacts = {
    batch: input.batch,
    opset: model.opset,
    producer: model.producer,
    trained: new Set(),
  };
  const values = new Map<string, Value>([...plan.constants, [input.name, input.images]]);
  const joined: Joined = { next: new Map(), made: null };
  for (const step of plan.steps) {
    const [first] = step.node.outputs;
    if (first !== undefined) values.set(first, valueOf(step, { assembly, facts, values, joined }));
  }
  if (facts.trained.size > 0) notes.push(message('onnxFiles.trainingMode', { count: facts.trained.size }));
  const last = index.producers.get(value);
  if (last === undefined) throw unsupportedFile(message('onnxFiles.noBlocks'));
  const site = new Site(last, [values.get(value) ?? null], assembly, facts);
  const logits = site.vector(site.flow(0));
  if (logits.flattened) throw site.refuse(message('onnxFiles.notAVector', { dims: site.describe(logits) }));
  const end = assembly.add({ kind: 'output', sources: [logits], naming: { node: OUTPUT_NODE } });
  const used = ancestorsOf(value, index);
  return { graph: assembly.finish(end.block), assembly, logitCount: logits.shape[0] ?? 0, used };
}

/** The Output block belongs to no node of the file. */
const OUTPUT_NODE: FileNode = {
  ...{ name: '', opType: 'output', domain: '', inputs: [], outputs: [], attributes: new Map(), scopes: [] },
};

function firstOutput({ outputs }: FileGraph, notes: Message[]): string {
  const [first] = outputs;
  if (first === undefined) throw unsupportedFile(message('onnxFiles.noOutput'));
  if (outputs.length > 1)
    notes.push(message('onnxFiles.firstOutput', { name: first.name, count: outputs.length - 1 }));
  return first.name;
}

function refuseUnknown(steps: readonly Step[]): void {
  const unknown = steps.flatMap((step) => {
    const { opType, domain } = step.node;
    const isKnown = domain === '' && (Object.hasOwn(OPERATORS, opType) || OF_SHAPES.includes(opType));
    return step.kind === 'operator' && !isKnown ? [step.node] : [];
  });
  const [first] = unknown;
  if (first === undefined) return;
  const kind = first.domain === '' ? first.opType : `${first.domain}.${first.opType}`;
  const values = { node: nodeTitle(first), kind };
  const more = unknown.length - 1;
  throw unsupportedFile(
    more === 0
      ? message('onnxFiles.operatorUnknown', values)
      : message('onnxFiles.operatorsUnknown', { ...values, more }),
  );
}

interface Known {
  readonly assembly: Assembly;
  readonly facts: FileFacts;
  readonly values: ReadonlyMap<string, Value>;
  readonly joined: Joined;
}

function valueOf(step: Step, known: Known): Value {
  const { assembly, facts, values, joined } = known;
  const at = (name: string): Value | null => values.get(name) ?? null;
  const siteOf = (node: FileNode, names: readonly string[]): Site =>
    new Site(node, names.map(at), assembly, facts);
  const constantAt = (name: string | null): Constant | null => {
    const held = name === null ? null : at(name);
    return held?.kind === 'constant' ? held : null;
  };
  switch (step.kind) {
    case 'operator':
      return operatorValue(siteOf(step.node, step.node.inputs), joined);
    case 'function': {
      const site = siteOf(step.node, [step.base]);
      if (step.is.kind === NO_BLOCK) return passed(site);
      const flow = site.flow(0);
      return { ...flow, block: site.add(step.is.kind, [flow], { params: step.is.params }).block };
    }
    case 'biased': {
      const bias = constantAt(step.bias);
      const site = siteOf(step.layer, step.layer.inputs);
      if (bias === null) throw site.refuse(message('onnxFiles.inputNotConstant', { number: 2 }));
      return biasedBlock(site, bias);
    }
    case 'adaptivePool': {
      const site = siteOf(step.node, [step.base]);
      return composedAdaptivePool(site, constantAt(step.rows), constantAt(step.columns));
    }
    case 'layerNorm': {
      const site = siteOf(step.node, [step.base]);
      const [gamma, beta] = [constantAt(step.gamma), constantAt(step.beta)];
      return layerNorm(site, { ...step, flow: site.flow(0), gamma, beta });
    }
    case 'groupNorm': {
      const site = siteOf(step.node, [step.base]);
      const [sizes, gamma, beta] = [step.sizes, step.gamma, step.beta].map(constantAt);
      const constants = { sizes: sizes ?? null, gamma: gamma ?? null, beta: beta ?? null };
      return composedGroupNorm(site, step, { base: site.flow(0), ...constants });
    }
  }
}

function operatorValue(site: Site, joined: Joined): Value {
  const { node } = site;
  const constants = site.inputs().map((input) => (input?.kind === 'constant' ? input : null));
  const known = new Set(node.inputs.filter((_, index) => constants[index] !== null));
  // Arithmetic of sizes that depend on the size of an activation.
  const folded = hasConstantInputs(node, (name) => known.has(name)) ? foldNode(node, constants) : null;
  if (folded !== null) return folded;
  const operator = Object.hasOwn(OPERATORS, node.opType) ? OPERATORS[node.opType] : undefined;
  if (operator === undefined) throw site.refuse(message('onnxFiles.onlyShapes'));
  return operator(site, joined);
}

/** Identity, and Cast between floating types. */
function passed(site: Site): Value {
  const to = intOf(site.node, 'to', 1);
  if (site.node.opType === 'Cast' && ![1, 10, 11, 16].includes(to))
    throw site.refuse(message('onnxFiles.castToInteger'));
  return site.input(0) ?? site.flow(0);
}
