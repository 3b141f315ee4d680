import type { GraphDocument } from '../document/schema.ts';
import type { Message } from '../words/message.ts';

/** The kinds of model files that can be read; `normlab` is our own exports, bundles and runs. */
export const MODEL_FORMATS = ['pytorch', 'safetensors', 'npz', 'keras', 'onnx', 'caffe', 'normlab'] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

/** A model file in memory, and the files beside it: shards, external data, the other half of a Caffe model. */
export interface ModelFile {
  /** Without its folder; only the ending is interpreted. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The content of a file of the same folder; null where there is none. A name with a folder in it is never read. */
  beside(name: string): Uint8Array<ArrayBuffer> | null;
  /** The names of the files of the same folder, this one included. */
  names(): readonly string[];
}

/** Element types of tensors in model files. */
export type ForeignDtype =
  'f64' | 'f32' | 'f16' | 'bf16' | 'i64' | 'i32' | 'i16' | 'i8' | 'u64' | 'u32' | 'u16' | 'u8' | 'bool';

/** A tensor of a model file. Reading it decodes its bytes; until then only its description is in memory. */
export interface ForeignTensor {
  /** As in the file, below the state dict that holds it: `layer1.0.conv1.weight`. */
  readonly name: string;
  /** Empty for a scalar. */
  readonly dims: readonly number[];
  readonly dtype: ForeignDtype;
  /** The elements in C order as float32, rounded to nearest where the file has more digits. A new array each time. */
  read(): Float32Array<ArrayBuffer>;
}

/** A file of named tensors without a description of the network: a state dict, safetensors, npz. */
export interface ForeignWeights {
  readonly kind: 'weights';
  readonly format: ModelFormat;
  /** In the order of the file; names are unique. */
  readonly tensors: readonly ForeignTensor[];
  /** Texts that the file has beside its tensors: the metadata of safetensors, plain values of a checkpoint. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of the classes in the order of the outputs; null where the file has none. */
  readonly classNames: readonly string[] | null;
  /** What the user should know about how the file was read. */
  readonly notes: readonly Message[];
}

/** The value of one slot of the state layout, in canonical layout (`core/program/stateLayout.ts`). */
export interface SlotValue {
  /** Equal to the dims of the slot. */
  readonly dims: readonly number[];
  /** Names of the tensors in the file that it comes from. */
  readonly from: readonly string[];
  /** True where the order of the dims differs in the file. */
  readonly transposed: boolean;
  /** A new array each time. */
  read(): Float32Array<ArrayBuffer>;
}

/** A file that describes its network, rebuilt of our blocks: ONNX, Keras, Caffe, our own exports and projects. */
export interface ForeignNetwork {
  readonly kind: 'network';
  readonly format: ModelFormat;
  /** With preprocessing in `data` where the file says how images are prepared. */
  readonly document: GraphDocument;
  /** By slot name, such as `conv1.weights` or `bn1.mean`; slots that the file has no value for are absent. */
  readonly values: ReadonlyMap<string, SlotValue>;
  /** Tensors of the file that no block uses. */
  readonly unexpected: readonly string[];
  readonly classNames: readonly string[] | null;
  readonly notes: readonly Message[];
}

export type ForeignModel = ForeignWeights | ForeignNetwork;
