/*
 * The part of onnx.proto that a frozen classifier needs. Names and meaning are those of the format; field numbers are
 * in `encodeModel.ts`.
 */

/** IR version 8 and opset 17: read by ONNX 1.12 and later. BatchNormalization has its opset 15 definition. */
export const ONNX_IR_VERSION = 8;
export const ONNX_OPSET = 17;

/** `TensorProto.DataType` of the elements in our files. */
export const ELEMENT_TYPE = { float: 1, uint8: 2, int32: 6, int64: 7, double: 11 } as const;

export type OnnxAttribute =
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'string'; readonly value: string };

export interface OnnxNode {
  /** Block id, with a suffix where one block needs several nodes. Unique. */
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** The elements of a constant: float32, float64, int32 or int64. */
export type OnnxElements = Float32Array | Float64Array | Int32Array | BigInt64Array;

/** A constant, in C order. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: OnnxElements;
}

/** An input or output; a dimension given as a string is symbolic. */
export interface OnnxValue {
  readonly name: string;
  /** float32 by default. */
  readonly elements?: 'uint8';
  readonly dims: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export interface OnnxModel {
  readonly producerVersion: string;
  readonly docString: string;
  readonly graph: OnnxGraph;
  readonly metadata: Readonly<Record<string, string>>;
}
