import { encodeOnnxModel } from '../../../export/onnx/encodeModel.ts';
import {
  createGraphBuilder,
  int,
  type Attributes,
  type GraphBuilder,
} from '../../../export/onnx/graphBuilder.ts';
import type { NodeRecord } from '../../../document/schema.ts';
import type { ForeignNetwork, ModelFile } from '../../foreignModel.ts';
import type { OnnxValue } from '../../../export/onnx/model.ts';

/** A model file of these bytes, alone in its folder unless `others` are beside it. */
export function fileOf(
  bytes: Uint8Array,
  name = 'model.onnx',
  others: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {},
): ModelFile {
  return {
    name,
    bytes: new Uint8Array(bytes),
    names: () => [name, ...Object.keys(others)],
    beside: (other) => (Object.hasOwn(others, other) ? (others[other] ?? null) : null),
  };
}

/** Reproducible numbers between -0.5 and 0.5. */
export function numbers(count: number, seed = 1): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, index) => ((index * 37 + seed * 101) % 97) / 97 - 0.5);
}

export const sizes = (...values: number[]): BigInt64Array => BigInt64Array.from(values, BigInt);

export interface SmallModel {
  readonly input: OnnxValue;
  readonly outputs?: readonly OnnxValue[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Bytes of a model of the nodes that `draw` adds; it returns the name of the output. */
export function encodeSmall(
  model: SmallModel,
  draw: (builder: GraphBuilder, input: string) => string,
): Uint8Array {
  const builder = createGraphBuilder();
  const output = draw(builder, model.input.name);
  return encodeOnnxModel({
    producerVersion: '1',
    docString: '',
    metadata: model.metadata ?? {},
    graph: {
      name: 'small',
      nodes: builder.nodes,
      initializers: builder.initializers,
      inputs: [model.input],
      outputs: model.outputs ?? [{ name: output, dims: ['N', 2] }],
    },
  });
}

const IMAGES: OnnxValue = { name: 'x', dims: ['N', 3, 8, 8] };

/**
 * Bytes of a model of images `[3, 8, 8]`: the nodes that `draw` adds, which output `channels` of any size, then the
 * mean over the pixels and a Gemm with two units.
 */
export function encodeImageModel(
  channels: number,
  draw: (builder: GraphBuilder, input: string) => string,
  model: Partial<SmallModel> = {},
): Uint8Array {
  return encodeSmall({ input: IMAGES, ...model }, (builder, input) => {
    const last = draw(builder, input);
    const mean = builder.node('pool', 'GlobalAveragePool', [last], 'pooled');
    const vector = builder.node('flat', 'Flatten', [mean], 'vector', { axis: int(1) });
    const weights = builder.constant('head.weight', [2, channels], numbers(2 * channels, 9));
    return builder.node('head', 'Gemm', [vector, weights], 'logits', { transB: int(1) });
  });
}

/** The blocks of such a model besides Input, the mean over the pixels, the last Dense and Output. */
export function innerBlocks({ document }: ForeignNetwork): readonly NodeRecord[] {
  const around = ['input', 'globalAvgPool', 'output'];
  return Object.entries(document.graph.nodes).flatMap(([id, record]) =>
    around.includes(record.kind) || id === 'head' ? [] : [record],
  );
}

/** The only one of those blocks. */
export function onlyBlock(network: ForeignNetwork): NodeRecord {
  const [block, ...others] = innerBlocks(network);
  if (block === undefined || others.length > 0) throw new Error(`${others.length + 1} blocks, or none`);
  return block;
}

/** Adds a node with a scalar as its second input. */
export function withScalar(builder: GraphBuilder, opType: string, input: string, value: number): string {
  const name = `${opType}${builder.nodes.length}`;
  const held = builder.constant(`${name}.value`, [], Float32Array.of(value));
  return builder.node(name, opType, [input, held], `${name}.out`);
}

/** Adds a Conv named `c`, by default of 4 filters over 3 channels. */
export function addConv(
  builder: GraphBuilder,
  input: string,
  attributes: Attributes = {},
  dims: readonly number[] = [4, 3, 3, 3],
): string {
  const weights = builder.constant('c.weight', dims, numbers(dims.reduce((a, b) => a * b, 1)));
  return builder.node('c', 'Conv', [input, weights], 'c.out', attributes);
}
