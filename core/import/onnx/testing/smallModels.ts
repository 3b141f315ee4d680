import { encodeOnnxModel } from '../../../export/onnx/encodeModel.ts';
import { createGraphBuilder, int, type GraphBuilder } from '../../../export/onnx/graphBuilder.ts';
import type { ModelFile } from '../../foreignModel.ts';
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

export const IMAGES: OnnxValue = { name: 'x', dims: ['N', 3, 8, 8] };

/**
 * Bytes of a model of images `[3, 8, 8]`: the nodes that `draw` adds, which output `channels` of any size, then the mean
 * over the pixels and a Gemm with two units.
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
