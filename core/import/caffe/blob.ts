import { elementCount } from '../../program/shape.ts';
import { message } from '../../words/message.ts';
import { denseStrides, readElements } from '../elements.ts';
import { brokenFile } from '../fileFault.ts';
import { eachField } from './wire.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Weights of a layer: a `BlobProto`. */
export interface Blob {
  readonly kind: 'blob';
  readonly dims: readonly number[];
  /** Throws a fault where the blob, called `name`, has another count of elements than its dims say. */
  check(name: string): void;
  /** The elements as float32. A new array each time. */
  read(): Float32Array<ArrayBuffer>;
}

/** Dims of a blob; Caffe's own limit is 32. */
const MOST_DIMS = 32;

/**
 * Decodes a `BlobProto`; its elements stay bytes until they are read. 1 to 4 num, channels, height, width of old files;
 * 5 data; 7 shape; 8 double_data. Gradients (6, 9) are skipped.
 */
export function decodeBlob(bytes: Bytes): Blob {
  const old = [0, 0, 0, 0];
  let shape: number[] | null = null;
  const [floats, doubles] = [new ElementBytes(), new ElementBytes()];
  eachField(bytes, {
    1: (field) => (old[0] = field.int()),
    2: (field) => (old[1] = field.int()),
    3: (field) => (old[2] = field.int()),
    4: (field) => (old[3] = field.int()),
    5: (field) => floats.add(field.elements()),
    7: (field) => (shape = decodeShape(field.bytes())),
    8: (field) => doubles.add(field.elements()),
  });
  const dims = shape ?? (old.every((dim) => dim === 0) ? [] : old);
  const dtype = doubles.length > 0 ? 'f64' : 'f32';
  const held = dtype === 'f64' ? doubles : floats;
  const width = dtype === 'f64' ? 8 : 4;
  return {
    kind: 'blob',
    dims,
    check: (name) => {
      const wanted = elementCount(dims);
      const found = held.length / width;
      const isPossible = dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0);
      if (!isPossible || found !== wanted)
        throw brokenFile(message('caffeFiles.wrongCount', { name, found, dims: dims.join(' × ') }));
    },
    read: () => readElements(held.bytes(), dtype, { dims, strides: denseStrides(dims), offset: 0 }),
  };
}

/** `BlobShape`: 1 dim. */
function decodeShape(bytes: Bytes): number[] {
  const dims: number[] = [];
  eachField(bytes, {
    1: (field) => {
      for (const dim of field.ints()) dims.push(dim);
      if (dims.length > MOST_DIMS) throw brokenFile(message('caffeFiles.manyDims', { most: MOST_DIMS }));
    },
  });
  return dims;
}

/** The bytes of a repeated field: those of a packed one as they are, single elements joined. */
class ElementBytes {
  length = 0;
  #held: Bytes = new Uint8Array(0);

  add(bytes: Bytes): void {
    if (this.length === 0) this.#held = bytes;
    else {
      if (this.length + bytes.length > this.#held.length || this.#held.byteOffset > 0) {
        const larger = new Uint8Array(Math.max(64, 2 * (this.length + bytes.length)));
        larger.set(this.bytes());
        this.#held = larger;
      }
      this.#held.set(bytes, this.length);
    }
    this.length += bytes.length;
  }

  bytes(): Bytes {
    return this.#held.subarray(0, this.length);
  }
}
