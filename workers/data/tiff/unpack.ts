import { inflateSync } from 'node:zlib';

/**
 * Decompresses one strip or tile into `wanted` bytes. Throws `Error` where the compressed bytes are damaged or yield
 * fewer; never produces more than `wanted`.
 */
export function unpack(packed: Buffer, compression: number, wanted: number): Buffer {
  const bytes = unpackAny(packed, compression, wanted);
  if (bytes.length < wanted) throw new Error(`a strip or tile holds ${bytes.length} of ${wanted} bytes`);
  // A copy: the code that undoes a predictor writes into it, and typed arrays need aligned offsets.
  return Buffer.from(bytes.subarray(0, wanted));
}

function unpackAny(packed: Buffer, compression: number, wanted: number): Buffer {
  if (compression === 1) return packed;
  if (compression === 5) return unpackLzw(packed, wanted);
  if (compression === 32773) return unpackBits(packed, wanted);
  return inflateSync(packed, { maxOutputLength: Math.max(64, wanted + 65_536) });
}

/** PackBits (TIFF 6.0, section 9). */
function unpackBits(packed: Buffer, wanted: number): Buffer {
  const out = Buffer.alloc(wanted);
  let filled = 0;
  for (let at = 0; at < packed.length && filled < wanted;) {
    const code = packed.readInt8(at);
    at += 1;
    if (code >= 0) {
      filled += packed.copy(out, filled, at, at + code + 1);
      at += code + 1;
    } else if (code !== -128) {
      const end = Math.min(wanted, filled + 1 - code);
      out.fill(packed[at] ?? 0, filled, end);
      filled = end;
      at += 1;
    }
  }
  return out.subarray(0, filled);
}

const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const CODES = 4096;

/**
 * LZW (TIFF 6.0, section 13): codes are read from the most significant bit on, and their width grows one code earlier
 * than in GIF. Throws `Error` on an undefined code.
 */
function unpackLzw(packed: Buffer, wanted: number): Buffer {
  const out = Buffer.alloc(wanted);
  // The string of a code already lies in `out`: its offset and length. Its last byte is the first byte of the string
  // that follows.
  const starts = new Int32Array(CODES);
  const lengths = new Int32Array(CODES);
  const read = bitReader(packed);
  let next = FIRST_FREE;
  let filled = 0;
  while (filled < wanted) {
    const code = read(widthFor(next));
    if (code === null || code === END) break;
    if (code === CLEAR) {
      next = FIRST_FREE;
      continue;
    }
    if (code >= next) throw new Error('its LZW codes are wrong');
    const begun = filled;
    const from = starts[code] ?? 0;
    const length = code < CLEAR ? 1 : Math.min(lengths[code] ?? 0, wanted - filled);
    if (code < CLEAR) out[filled] = code;
    else for (let at = 0; at < length; at++) out[filled + at] = out[from + at] ?? 0;
    filled += length;
    if (next >= CODES) continue;
    starts[next] = begun;
    lengths[next] = length + 1;
    next += 1;
  }
  return out.subarray(0, filled);
}

/** Bits of the next code when `next` is the first code that is not yet defined. */
function widthFor(next: number): number {
  if (next < 512) return 9;
  if (next < 1024) return 10;
  return next < 2048 ? 11 : 12;
}

/** Returns complete codes of this many bits, most significant bit first; null when fewer bits are left. */
function bitReader(bytes: Buffer): (count: number) => number | null {
  let at = 0;
  let held = 0;
  let bits = 0;
  return (count) => {
    while (bits < count) {
      if (at >= bytes.length) return null;
      held = ((held << 8) | (bytes[at++] ?? 0)) & 0xffffff;
      bits += 8;
    }
    bits -= count;
    return (held >> bits) & ((1 << count) - 1);
  };
}
