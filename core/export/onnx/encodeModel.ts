import protobuf from 'protobufjs/minimal.js';
import {
  ELEMENT_TYPE,
  ONNX_IR_VERSION,
  ONNX_OPSET,
  type OnnxAttribute,
  type OnnxElements,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './model.ts';

/*
 * Field numbers of onnx.proto, as in the onnx package's own descriptors. Only the minimal writer of protobufjs is used:
 * it generates no code at run time, so it works under a content security policy without eval.
 */
const MODEL = { irVersion: 1, producerName: 2, producerVersion: 3, docString: 6, graph: 7, opsetImport: 8 };
const MODEL_METADATA = 14;
const OPSET = { version: 2 };
const ENTRY = { key: 1, value: 2 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, f: 2, i: 3, s: 4, ints: 8, type: 20 };
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensorType: 1 };
const TENSOR_TYPE = { elemType: 1, shape: 2 };
const SHAPE = { dim: 1 };
const DIMENSION = { value: 1, param: 2 };

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;
type Writer = protobuf.Writer;

/** Bytes of the `.onnx` file: the `ModelProto` of `model`, with the ai.onnx operator set of `ONNX_OPSET`. */
export function encodeOnnxModel(model: OnnxModel): Uint8Array {
  const to = protobuf.Writer.create();
  integer(to, MODEL.irVersion, ONNX_IR_VERSION);
  text(to, MODEL.producerName, 'NormLab');
  text(to, MODEL.producerVersion, model.producerVersion);
  text(to, MODEL.docString, model.docString);
  message(to, MODEL.graph, () => graph(to, model.graph));
  message(to, MODEL.opsetImport, () => integer(to, OPSET.version, ONNX_OPSET));
  for (const [key, value] of Object.entries(model.metadata)) {
    message(to, MODEL_METADATA, () => {
      text(to, ENTRY.key, key);
      text(to, ENTRY.value, value);
    });
  }
  return to.finish();
}

function graph(to: Writer, { name, nodes, initializers, inputs, outputs }: OnnxGraph): void {
  for (const each of nodes) message(to, GRAPH.node, () => node(to, each));
  text(to, GRAPH.name, name);
  for (const each of initializers) message(to, GRAPH.initializer, () => tensor(to, each));
  for (const each of inputs) message(to, GRAPH.input, () => value(to, each));
  for (const each of outputs) message(to, GRAPH.output, () => value(to, each));
}

function node(to: Writer, { name, opType, inputs, outputs, attributes }: OnnxNode): void {
  for (const each of inputs) text(to, NODE.input, each);
  for (const each of outputs) text(to, NODE.output, each);
  text(to, NODE.name, name);
  text(to, NODE.opType, opType);
  for (const [key, each] of Object.entries(attributes))
    message(to, NODE.attribute, () => attribute(to, key, each));
}

function attribute(to: Writer, name: string, { type, value: held }: OnnxAttribute): void {
  text(to, ATTRIBUTE.name, name);
  if (type === 'float') to.uint32(tag(ATTRIBUTE.f, FIXED32)).float(held);
  else if (type === 'int') integer(to, ATTRIBUTE.i, held);
  else if (type === 'string') text(to, ATTRIBUTE.s, held);
  else for (const each of held) integer(to, ATTRIBUTE.ints, each);
  integer(to, ATTRIBUTE.type, ATTRIBUTE_TYPE[type]);
}

/** The type of the elements as the format names it. */
function elementType(data: OnnxElements): number {
  if (data instanceof Float32Array) return ELEMENT_TYPE.float;
  if (data instanceof Float64Array) return ELEMENT_TYPE.double;
  return data instanceof Int32Array ? ELEMENT_TYPE.int32 : ELEMENT_TYPE.int64;
}

function tensor(to: Writer, { name, dims, data }: OnnxTensor): void {
  for (const dim of dims) integer(to, TENSOR.dims, dim);
  integer(to, TENSOR.dataType, elementType(data));
  text(to, TENSOR.name, name);
  // Raw data is little-endian in C order, as typed arrays are on every machine that NormLab runs on.
  to.uint32(tag(TENSOR.rawData, BYTES)).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function value(to: Writer, { name, dims, elements }: OnnxValue): void {
  text(to, VALUE.name, name);
  message(to, VALUE.type, () =>
    message(to, TYPE.tensorType, () => {
      integer(to, TENSOR_TYPE.elemType, ELEMENT_TYPE[elements ?? 'float']);
      message(to, TENSOR_TYPE.shape, () => {
        for (const dim of dims) message(to, SHAPE.dim, () => dimension(to, dim));
      });
    }),
  );
}

function dimension(to: Writer, dim: number | string): void {
  if (typeof dim === 'number') integer(to, DIMENSION.value, dim);
  else text(to, DIMENSION.param, dim);
}

function tag(field: number, wire: number): number {
  return ((field << 3) | wire) >>> 0;
}
function integer(to: Writer, field: number, held: number): void {
  to.uint32(tag(field, VARINT)).int64(held);
}
function text(to: Writer, field: number, held: string): void {
  to.uint32(tag(field, BYTES)).string(held);
}
function message(to: Writer, field: number, fill: () => void): void {
  to.uint32(tag(field, BYTES)).fork();
  fill();
  to.ldelim();
}
