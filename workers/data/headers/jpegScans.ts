/**
 * State of one component of a JPEG after the scans read so far: the lowest bit of each coefficient, or -1 before its
 * first scan.
 */
type LowestBits = Int8Array;

const COEFFICIENTS = 64;

/** True for the frame header of a progressive JPEG (SOF2, or SOF10 with arithmetic coding). */
export function isProgressive(bytes: Buffer, frameAt: number): boolean {
  return bytes[frameAt + 1] === 0xc2 || bytes[frameAt + 1] === 0xca;
}

/**
 * True when scans that the image needs are missing, so that it would be blurred or without colour although the file has
 * an end marker. In a progressive JPEG every coefficient of every component must be refined to its last bit; in any
 * other JPEG every component must have a scan (ITU-T T.81, G.1.1). `bytes` is the whole file, `frameAt` the offset of
 * its frame header.
 */
export function lacksScans(bytes: Buffer, frameAt: number): boolean {
  const count = bytes[frameAt + 9] ?? 0;
  const progressive = isProgressive(bytes, frameAt);
  const first = nextScan(bytes, nextSegment(bytes, frameAt));
  // The common case: one scan of all components, whose codes need not be walked.
  if (!progressive && first !== null && bytes[first + 4] === count) return false;
  const known = new Map<number, LowestBits>();
  for (let index = 0; index < count; index++)
    known.set(bytes[frameAt + 10 + index * 3] ?? 0, new Int8Array(COEFFICIENTS).fill(-1));
  for (let at = first; at !== null; at = nextScan(bytes, afterCodes(bytes, nextSegment(bytes, at))))
    noteScan(bytes, at, known, progressive);
  return [...known.values()].some((bits) => bits.some((bit) => bit !== 0));
}

/** The next scan header at or after a marker; null where the image ends before one. */
function nextScan(bytes: Buffer, from: number): number | null {
  let at = from;
  for (;;) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === undefined || marker === 0xd9 || at + 4 > bytes.length) return null;
    if (marker === 0xda) return at;
    at = marker === 0xff ? at + 1 : nextSegment(bytes, at);
  }
}

/** Scan header: components, then the range of coefficients and their lowest bit (T.81, B.2.3). */
function noteScan(
  bytes: Buffer,
  at: number,
  known: ReadonlyMap<number, LowestBits>,
  progressive: boolean,
): void {
  const count = bytes[at + 4] ?? 0;
  const tail = at + 5 + count * 2;
  const [from, to, bit] = progressive
    ? [bytes[tail] ?? 0, Math.min(COEFFICIENTS - 1, bytes[tail + 1] ?? 0), (bytes[tail + 2] ?? 0) & 15]
    : [0, COEFFICIENTS - 1, 0];
  for (let index = 0; index < count; index++)
    known.get(bytes[at + 5 + index * 2] ?? 0)?.fill(bit, from, to + 1);
}

/** Offset at which the codes of a scan end: the next marker other than a stuffed byte or a restart marker. */
function afterCodes(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker !== 0 && marker !== 0xff && (marker < 0xd0 || marker > 0xd7)) return at;
  }
  return bytes.length;
}

function nextSegment(bytes: Buffer, at: number): number {
  return at + 4 > bytes.length ? bytes.length : at + 2 + bytes.readUInt16BE(at + 2);
}
