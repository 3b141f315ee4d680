import { message } from '../words/message.ts';
import { brokenFile } from './fileFault.ts';

/** Reads bytes in order. Every method throws a fault for a broken file where the bytes end first. */
export interface ByteCursor {
  /** Offset of the next byte. */
  position(): number;
  remaining(): number;
  /** The next `count` bytes, without a copy. */
  take(count: number): Uint8Array<ArrayBuffer>;
  u8(): number;
  /** Little-endian, as all multi-byte numbers here. */
  u16(): number;
  u32(): number;
  i32(): number;
  /** An unsigned 64-bit number; one of 2^53 or more is larger than any file, and a fault. */
  size64(): number;
  /** The bytes up to the next line feed, which is skipped. */
  line(): Uint8Array<ArrayBuffer>;
}

export function byteCursor(bytes: Uint8Array<ArrayBuffer>, start = 0): ByteCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  /** Moves on by `count` bytes and returns the offset before. */
  const skip = (count: number): number => {
    if (count > bytes.length - at) throw brokenFile(message('weightFiles.tooShort', { bytes: bytes.length }));
    at += count;
    return at - count;
  };
  return {
    position: () => at,
    remaining: () => bytes.length - at,
    take: (count) => {
      const from = skip(count);
      return bytes.subarray(from, from + count);
    },
    u8: () => view.getUint8(skip(1)),
    u16: () => view.getUint16(skip(2), true),
    u32: () => view.getUint32(skip(4), true),
    i32: () => view.getInt32(skip(4), true),
    size64: () => {
      const from = skip(8);
      const high = view.getUint32(from + 4, true);
      if (high >= 2 ** 21) throw brokenFile(message('weightFiles.hugeSize'));
      return high * 2 ** 32 + view.getUint32(from, true);
    },
    line: () => {
      const end = bytes.indexOf(0x0a, at);
      if (end < 0) throw brokenFile(message('weightFiles.tooShort', { bytes: bytes.length }));
      const from = skip(end + 1 - at);
      return bytes.subarray(from, end);
    },
  };
}
