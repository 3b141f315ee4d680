/** Types of `normlabBundle.mjs`, which describes each function. */

/** Values in C order. */
export interface Tensor<
  Data = Float32Array | Float64Array | Int32Array | Uint32Array | BigInt64Array | Uint8Array,
> {
  shape: number[];
  data: Data;
}

/** An upright image; `data` has `height * width * channels` bytes, such as those of a canvas. */
export interface Image {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  data: Uint8Array | Uint8ClampedArray;
}

/** The fields of `normlab.json`. */
export interface Manifest {
  format: 'normlab-bundle';
  version: 1;
  target: string;
  class_names: string[];
  preprocessing: Record<string, unknown>;
  batch_norm: Record<string, Record<string, unknown>>;
  golden: { file: string; count: number; noise: boolean; tolerance: number };
  files: Record<string, { bytes: number; sha256: string }>;
  [field: string]: unknown;
}

export interface Bundle {
  readonly manifest: Manifest;
  readonly target: string;
  readonly classNames: string[];
  readonly preprocessing: Manifest['preprocessing'];
  readonly batchNorm: Manifest['batch_norm'];
  readonly tolerance: number;
  read(name: string): Promise<Uint8Array>;
  tensors(): Promise<Map<string, Tensor>>;
  golden(): Promise<{ images: Tensor<Uint8Array>; logits: Tensor<Float32Array> }>;
  goldenInputs(): Promise<Tensor<Float32Array>>;
  check(logits: ArrayLike<number>): Promise<number>;
  prepare(image: Image): Tensor<Float32Array>;
  resize(image: Image): Uint8Array;
  normalize(bytes: Uint8Array): Tensor<Float32Array>;
}

export declare class BundleError extends Error {}

export declare function openBundle(
  source: string | ((name: string) => Promise<Uint8Array | null>),
): Promise<Bundle>;
