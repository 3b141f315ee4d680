import protobuf from 'protobufjs/minimal.js';

/** A layer of a `.caffemodel`. */
export interface WeightedLayer {
  readonly name: string;
  readonly type: string;
  readonly bottoms: readonly string[];
  readonly blobs: readonly { readonly dims: readonly number[]; readonly values: Float32Array }[];
}

/** Field numbers of caffe.proto (github.com/BVLC/caffe, src/caffe/proto). */
const NET = { name: 1, layer: 100 };
const LAYER = { name: 1, type: 2, bottom: 3, top: 4, blobs: 7 };
const BLOB = { oldDims: [1, 2, 3, 4], data: 5, shape: 7 };
const SHAPE = { dim: 1 };

const BYTES = 2;
type Writer = protobuf.Writer;

/** Protobuf messages are smaller. */
export const MOST_CAFFE_BYTES = 2 ** 31 - 1;

/** The `NetParameter` of layers with their weights; the settings of the layers are in the text. */
export function encodeCaffeModel(name: string, layers: readonly WeightedLayer[]): Uint8Array<ArrayBuffer> {
  const to = protobuf.Writer.create();
  text(to, NET.name, name);
  for (const each of layers) message(to, NET.layer, () => layer(to, each));
  return Uint8Array.from(to.finish());
}

function layer(to: Writer, { name, type, bottoms, blobs }: WeightedLayer): void {
  text(to, LAYER.name, name);
  text(to, LAYER.type, type);
  for (const bottom of bottoms) text(to, LAYER.bottom, bottom);
  text(to, LAYER.top, name);
  for (const { dims, values } of blobs)
    message(to, LAYER.blobs, () => {
      // Packed floats are little-endian, as typed arrays are on every machine that NormLab runs on.
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      to.uint32(tag(BLOB.data)).bytes(bytes);
      shape(to, dims);
    });
}

/** A scalar, such as the slope of a shared PReLU, has the four dims of old files: not all readers take none. */
function shape(to: Writer, dims: readonly number[]): void {
  if (dims.length === 0) for (const field of BLOB.oldDims) to.uint32((field << 3) >>> 0).int64(1);
  else
    message(to, BLOB.shape, () => {
      message(to, SHAPE.dim, () => {
        for (const dim of dims) to.int64(dim);
      });
    });
}

function tag(field: number): number {
  return ((field << 3) | BYTES) >>> 0;
}

function text(to: Writer, field: number, held: string): void {
  to.uint32(tag(field)).string(held);
}

function message(to: Writer, field: number, fill: () => void): void {
  to.uint32(tag(field)).fork();
  fill();
  to.ldelim();
}
