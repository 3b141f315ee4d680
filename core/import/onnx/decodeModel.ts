import { message } from '../../words/message.ts';
import { brokenFile } from '../fileFault.ts';
import { decodeTensor, type ReadBeside } from './decodeTensor.ts';
import type { FileAttribute, FileGraph, FileModel, FileNode, FileTensor, FileValue } from './fileModel.ts';
import { eachField } from './protobuf.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** PyTorch's exporter writes the modules around a node as a Python list of texts under this key. */
const SCOPES_KEY = 'pkg.torch.onnx.name_scopes';

/*
 * Field numbers are those of onnx.proto: Model 2 producer_name, 7 graph, 8 opset_import, 14 metadata_props; Graph 1
 * node, 2 name, 5 initializer, 11 input, 12 output; Node 1 input, 2 output, 3 name, 4 op_type, 5 attribute, 7 domain, 9
 * metadata_props.
 */

/**
 * Decodes a `ModelProto`. The bytes of tensors stay where they are. Throws a fault where the bytes are no ONNX model:
 * one without a graph, or with a message that ends too early.
 */
export function decodeModel(bytes: Bytes, beside: ReadBeside): FileModel {
  let producer = '';
  let opset = 1;
  let graph: FileGraph | null = null;
  const metadata: [string, string][] = [];
  eachField(bytes, {
    2: (field) => (producer = field.text()),
    7: (field) => (graph = decodeGraph(field.bytes(), beside)),
    8: (field) => (opset = opsetOf(field.bytes()) ?? opset),
    14: (field) => metadata.push(decodeEntry(field.bytes())),
  });
  // The assignment happens in a callback, which the type checker does not follow.
  const found = graph as FileGraph | null;
  if (found === null || found.nodes.length === 0) throw brokenFile(message('onnxFiles.noGraph'));
  return { producer, opset, metadata: Object.fromEntries(metadata), graph: found };
}

/** The version of the standard operator set, or null for the set of another domain. */
function opsetOf(bytes: Bytes): number | null {
  let domain = '';
  let version = 1;
  eachField(bytes, { 1: (field) => (domain = field.text()), 2: (field) => (version = field.int()) });
  return domain === '' || domain === 'ai.onnx' ? version : null;
}

function decodeEntry(bytes: Bytes): [string, string] {
  let key = '';
  let value = '';
  eachField(bytes, { 1: (field) => (key = field.text()), 2: (field) => (value = field.text()) });
  return [key, value];
}

function decodeGraph(bytes: Bytes, beside: ReadBeside): FileGraph {
  let name = '';
  const nodes: FileNode[] = [];
  const initializers: FileTensor[] = [];
  const inputs: FileValue[] = [];
  const outputs: FileValue[] = [];
  eachField(bytes, {
    1: (field) => nodes.push(decodeNode(field.bytes(), beside)),
    2: (field) => (name = field.text()),
    5: (field) => initializers.push(decodeTensor(field.bytes(), beside)),
    11: (field) => inputs.push(decodeValue(field.bytes())),
    12: (field) => outputs.push(decodeValue(field.bytes())),
  });
  return { name, nodes, initializers, inputs, outputs };
}

function decodeNode(bytes: Bytes, beside: ReadBeside): FileNode {
  let [name, opType, domain] = ['', '', ''];
  let scopes: readonly string[] = [];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, FileAttribute>();
  eachField(bytes, {
    1: (field) => inputs.push(field.text()),
    2: (field) => outputs.push(field.text()),
    3: (field) => (name = field.text()),
    4: (field) => (opType = field.text()),
    5: (field) => {
      const [key, attribute] = decodeAttribute(field.bytes(), beside);
      attributes.set(key, attribute);
    },
    7: (field) => (domain = field.text()),
    9: (field) => {
      const [key, value] = decodeEntry(field.bytes());
      if (key === SCOPES_KEY) scopes = pythonTexts(value);
    },
  });
  return { name, opType, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes, scopes };
}

/** The texts of a Python list such as `['', 'layer1', 'relu']`. */
function pythonTexts(text: string): readonly string[] {
  return [...text.matchAll(/'([^'\\]*)'/g)].map(([, held]) => held ?? '');
}

/** Kinds of attributes by `AttributeProto.type`: 1 float, 2 int, 3 string, 4 tensor, 6 floats, 7 ints. */
function decodeAttribute(bytes: Bytes, beside: ReadBeside): [string, FileAttribute] {
  let name = '';
  let type = 0;
  let [float, int, text] = [0, 0, ''];
  let tensor: FileTensor | null = null;
  const floats: number[] = [];
  const ints: number[] = [];
  eachField(bytes, {
    1: (field) => (name = field.text()),
    2: (field) => (float = field.float()),
    3: (field) => (int = field.int()),
    4: (field) => (text = latinText(field.bytes())),
    5: (field) => (tensor = decodeTensor(field.bytes(), beside)),
    7: (field) => append(floats, field.floats()),
    8: (field) => append(ints, field.ints()),
    20: (field) => (type = field.int()),
  });
  const held = tensor as FileTensor | null;
  if (type === 1) return [name, { type: 'float', value: float }];
  if (type === 2) return [name, { type: 'int', value: int }];
  if (type === 3) return [name, { type: 'string', value: text }];
  if (type === 4 && held !== null) return [name, { type: 'tensor', value: held }];
  if (type === 6) return [name, { type: 'floats', value: floats }];
  if (type === 7) return [name, { type: 'ints', value: ints }];
  return [name, { type: 'other' }];
}

/** Strings of attributes are bytes; those that an operator knows are ASCII. */
function latinText(bytes: Bytes): string {
  return Array.from(bytes.subarray(0, 256), (byte) => String.fromCharCode(byte)).join('');
}

/** A spread of a million elements would exceed the stack. */
function append(to: number[], values: readonly number[]): void {
  for (const value of values) to.push(value);
}

/** ValueInfo: 1 name, 2 type; Type 1 tensor_type; Tensor 2 shape; Shape 1 dim; Dimension 1 dim_value. */
function decodeValue(bytes: Bytes): FileValue {
  let name = '';
  let dims: readonly (number | null)[] | null = null;
  eachField(bytes, {
    1: (field) => (name = field.text()),
    2: (type) =>
      eachField(type.bytes(), {
        1: (tensor) => eachField(tensor.bytes(), { 2: (shape) => (dims = decodeShape(shape.bytes())) }),
      }),
  });
  return { name, dims };
}

function decodeShape(bytes: Bytes): readonly (number | null)[] {
  const dims: (number | null)[] = [];
  eachField(bytes, {
    1: (dimension) => {
      let size: number | null = null;
      eachField(dimension.bytes(), { 1: (field) => (size = field.int()) });
      dims.push(size === null || size <= 0 ? null : size);
    },
  });
  return dims;
}
