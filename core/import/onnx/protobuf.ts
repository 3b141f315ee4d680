import protobuf from 'protobufjs/minimal.js';
import { decodeUtf8 } from '../../export/utf8.ts';
import { message } from '../../words/message.ts';
import { brokenFile } from '../fileFault.ts';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** The value of one field of a message. Every method throws a fault where the bytes are of another wire type. */
interface Field {
  /** Without a copy. */
  bytes(): Uint8Array<ArrayBuffer>;
  text(): string;
  /** Rounded to the nearest double beyond 2^53. */
  int(): number;
  float(): number;
  /** The elements of a repeated field: all of a packed one, or this one. */
  ints(): readonly number[];
  floats(): readonly number[];
  doubles(): readonly number[];
}

type Readers = Readonly<Record<number, (field: Field) => void>>;

/**
 * Reads the fields of one message in the order of the file and hands each to its reader, by field number; other fields
 * are skipped. Throws a fault where a length reaches beyond the message. Nothing is read recursively: a nested message
 * is bytes until its own reader calls this function.
 */
export function eachField(bytes: Uint8Array<ArrayBuffer>, readers: Readers): void {
  // Not `Reader.create`, which returns a reader of Node's buffers where it can: the bytes would be copied.
  const reader = new protobuf.Reader(bytes);
  while (reader.pos < reader.len) {
    const tag = guarded(() => reader.uint32());
    const wire = tag & 7;
    const read = readers[tag >>> 3];
    if (![VARINT, FIXED64, BYTES, FIXED32].includes(wire) || tag >>> 3 === 0) throw notProtobuf();
    if (read === undefined) guarded(() => reader.skipType(wire));
    else read(fieldOf(reader, wire));
  }
}

function fieldOf(reader: protobuf.Reader, wire: number): Field {
  const typed = <T>(wanted: number, read: () => T): T => {
    if (wire !== wanted) throw notProtobuf();
    return guarded(read);
  };
  const bytes = (): Uint8Array<ArrayBuffer> => {
    const held = typed(BYTES, () => reader.bytes());
    return new Uint8Array(plainBuffer(held), held.byteOffset, held.length);
  };
  /** Elements that are packed in bytes, or a single one of the wire type `single`. */
  const repeated = (single: number, read: (from: protobuf.Reader) => number): readonly number[] => {
    if (wire === single) return [guarded(() => read(reader))];
    const packed = new protobuf.Reader(bytes());
    const values: number[] = [];
    while (packed.pos < packed.len) values.push(guarded(() => read(packed)));
    return values;
  };
  return {
    bytes,
    text: () => textOf(bytes()),
    int: () => typed(VARINT, () => int64(reader)),
    float: () => typed(FIXED32, () => reader.float()),
    ints: () => repeated(VARINT, int64),
    floats: () => repeated(FIXED32, (from) => from.float()),
    doubles: () => repeated(FIXED64, (from) => from.double()),
  };
}

/** The library returns its own 64-bit objects where it finds one; both forms print as decimal digits. */
function int64(reader: protobuf.Reader): number {
  const held: unknown = reader.int64();
  return typeof held === 'number' ? held : Number(String(held));
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    throw brokenFile(message('onnxFiles.notText'), cause);
  }
}

function plainBuffer({ buffer }: Uint8Array): ArrayBuffer {
  if (buffer instanceof ArrayBuffer) return buffer;
  throw notProtobuf();
}

/** The library throws `RangeError` beyond the end and `Error` for malformed numbers. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw brokenFile(message('onnxFiles.notProtobuf'), cause);
  }
}

function notProtobuf(): Error {
  return brokenFile(message('onnxFiles.notProtobuf'));
}
