import protobuf from 'protobufjs/minimal.js';
import { decodeUtf8 } from '../export/utf8.ts';
import { InvariantError } from '../diagnostics/invariantError.ts';
import type { Message } from '../words/message.ts';
import { brokenFile } from './fileFault.ts';

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
  /** The bytes of the floats or doubles of a repeated field: of all of a packed one, or of this one. Without a copy. */
  elements(): Uint8Array<ArrayBuffer>;
}

/** What to say about bytes that are no such message. */
interface Faults {
  readonly notProtobuf: Message;
  readonly notText: Message;
}

type Readers = Readonly<Record<number, (field: Field) => void>>;
type EachField = (bytes: Uint8Array<ArrayBuffer>, readers: Readers) => void;

/**
 * A function that reads the fields of one message in the order of the file and hands each to its reader, by field
 * number; other fields are skipped. It throws a fault where a length reaches beyond the message. Nothing is read
 * recursively: a nested message is bytes until its own reader calls the function.
 */
export function protobufReader(faults: Faults): EachField {
  return (bytes, readers) => {
    // Not `Reader.create`, which returns a reader of Node's buffers where it can: the bytes would be copied.
    const reader = new protobuf.Reader(bytes);
    const guarded = guardBy(faults);
    while (reader.pos < reader.len) {
      const tag = guarded(() => reader.uint32());
      const wire = tag & 7;
      const read = readers[tag >>> 3];
      if (![VARINT, FIXED64, BYTES, FIXED32].includes(wire) || tag >>> 3 === 0)
        throw brokenFile(faults.notProtobuf);
      if (read === undefined) guarded(() => reader.skipType(wire));
      else read(fieldOf(reader, wire, faults));
    }
  };
}

function fieldOf(reader: protobuf.Reader, wire: number, faults: Faults): Field {
  const guarded = guardBy(faults);
  const typed = <T>(wanted: number, read: () => T): T => {
    if (wire !== wanted) throw brokenFile(faults.notProtobuf);
    return guarded(read);
  };
  const bytes = (): Uint8Array<ArrayBuffer> => plainBytes(typed(BYTES, () => reader.bytes()));
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
    text: () => textOf(bytes(), faults),
    int: () => typed(VARINT, () => int64(reader)),
    float: () => typed(FIXED32, () => reader.float()),
    ints: () => repeated(VARINT, int64),
    floats: () => repeated(FIXED32, (from) => from.float()),
    doubles: () => repeated(FIXED64, (from) => from.double()),
    elements: () => {
      if (wire === BYTES) return bytes();
      const start = reader.pos;
      if (wire !== FIXED32 && wire !== FIXED64) throw brokenFile(faults.notProtobuf);
      guarded(() => reader.skipType(wire));
      return plainBytes(reader.buf.subarray(start, reader.pos));
    },
  };
}

/** The library returns its own 64-bit objects where it finds one; both forms print as decimal digits. */
function int64(reader: protobuf.Reader): number {
  const held: unknown = reader.int64();
  return typeof held === 'number' ? held : Number(String(held));
}

function textOf(bytes: Uint8Array, faults: Faults): string {
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    throw brokenFile(faults.notText, cause);
  }
}

/** The library types the buffer as one that could be shared; it is that of the file. */
function plainBytes(held: Uint8Array): Uint8Array<ArrayBuffer> {
  if (held.buffer instanceof ArrayBuffer) return new Uint8Array(held.buffer, held.byteOffset, held.length);
  throw new InvariantError('the bytes of a file are in shared memory');
}

/** The library throws `RangeError` beyond the end and `Error` for malformed numbers. */
function guardBy({ notProtobuf }: Faults): <T>(read: () => T) => T {
  return (read) => {
    try {
      return read();
    } catch (cause) {
      throw brokenFile(notProtobuf, cause);
    }
  };
}
