import type { ForeignDtype } from '../foreignModel.ts';

/*
 * The part of onnx.proto that describes a network, as it is in the file. Names and meaning are those of the format;
 * field numbers are in `decodeModel.ts`.
 */

export type FileAttribute =
  | { readonly type: 'float' | 'int'; readonly value: number }
  | { readonly type: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'tensor'; readonly value: FileTensor }
  /** Subgraphs, sparse tensors and types, which no supported operator has. */
  | { readonly type: 'other' };

export interface FileNode {
  /** May be empty. */
  readonly name: string;
  readonly opType: string;
  /** Empty for the operators of the standard. */
  readonly domain: string;
  /** Names of values; an empty name is an input that was left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, FileAttribute>;
  /** The modules of PyTorch around the node, the innermost last; empty where the file does not say. */
  readonly scopes: readonly string[];
}

/** A constant; its elements are decoded when they are read. */
export interface FileTensor {
  /** Empty for the value of an attribute. */
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: ForeignDtype;
  /** Throws a fault where `read` would: for missing bytes, and elements of a type that is not read. */
  check(): void;
  /** Elements in C order as float32. A new array each time. */
  read(): Float32Array<ArrayBuffer>;
  /** The elements as `read` gives them, or null where there are more than `limit`. */
  numbers(limit: number): readonly number[] | null;
}

/** A dimension is null where the file gives it a name or nothing. */
export interface FileValue {
  readonly name: string;
  readonly dims: readonly (number | null)[] | null;
}

export interface FileGraph {
  readonly name: string;
  readonly nodes: readonly FileNode[];
  readonly initializers: readonly FileTensor[];
  readonly inputs: readonly FileValue[];
  readonly outputs: readonly FileValue[];
}

export interface FileModel {
  readonly producer: string;
  /** Version of the standard operator set; 1 where the file does not say. */
  readonly opset: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: FileGraph;
}
