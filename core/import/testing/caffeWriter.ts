import protobuf from 'protobufjs/minimal.js';
import { ascii, modelFile } from './bytes.ts';
import type { ModelFile } from '../foreignModel.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A field of a message: its number, and a number, a text, a nested message, or floats. */
export type CaffeField = readonly [number: number, value: number | string | Bytes | Float32Array];

/** A protobuf message. Whole numbers are varints, others float32. */
export function caffeMessage(fields: readonly CaffeField[]): Bytes {
  const writer = new protobuf.Writer();
  for (const [number, value] of fields) {
    const tag = (wire: number): protobuf.Writer => writer.uint32(number * 8 + wire);
    if (typeof value === 'string') tag(2).string(value);
    else if (value instanceof Float32Array) tag(2).bytes(new Uint8Array(value.slice().buffer));
    else if (typeof value !== 'number') tag(2).bytes(value);
    else if (Number.isInteger(value)) tag(0).int64(value);
    else tag(5).float(value);
  }
  return Uint8Array.from(writer.finish());
}

/** Weights of a layer with these dims, in the form of today: packed floats and a `BlobShape`. */
export function caffeBlob(dims: readonly number[], values: readonly number[]): Bytes {
  const shape = caffeMessage(dims.map((dim) => [1, dim]));
  return caffeMessage([
    [7, shape],
    [5, Float32Array.from(values)],
  ]);
}

/** A layer of a `.caffemodel`. */
export interface WrittenLayer {
  readonly name: string;
  readonly type?: string;
  readonly bottoms?: readonly string[];
  readonly tops?: readonly string[];
  readonly blobs?: readonly Bytes[];
  /** Settings, such as `convolution_param` under 106. */
  readonly more?: readonly CaffeField[];
}

/** A `.caffemodel`. */
export function caffeModel(layers: readonly WrittenLayer[], more: readonly CaffeField[] = []): Bytes {
  return caffeMessage([
    [1, 'net'],
    ...more,
    ...layers.map((layer): CaffeField => [100, writtenLayer(layer)]),
  ]);
}

function writtenLayer({
  name,
  type = 'Unknown',
  bottoms = [],
  tops = [],
  blobs = [],
  more = [],
}: WrittenLayer): Bytes {
  return caffeMessage([
    [1, name],
    [2, type],
    ...bottoms.map((bottom): CaffeField => [3, bottom]),
    ...tops.map((top): CaffeField => [4, top]),
    ...blobs.map((blob): CaffeField => [7, blob]),
    ...more,
  ]);
}

/** A description with its weights beside it. */
export function caffeFile(text: string, weights: Bytes): ModelFile {
  return modelFile('net.prototxt', ascii(text), { 'net.caffemodel': weights });
}
