import type { FileHandle } from 'node:fs/promises';

/** Bytes of the longest line that is read: an event of the largest network has fewer. */
const LONGEST_LINE_BYTES = 1 << 20;

const CHUNK_BYTES = 1 << 18;
const LINE_FEED = 10;

export interface FileLine {
  /** With its line feed. */
  readonly bytes: Buffer;
  /** The position just after it; null for a last line without a line feed. */
  readonly end: number | null;
}

/**
 * The lines of a file from an offset on. A line longer than `LONGEST_LINE_BYTES` comes in pieces of that length, so a
 * file without line feeds takes no more memory than any other.
 */
export async function* linesFrom(handle: FileHandle, from: number): AsyncGenerator<FileLine> {
  let rest = Buffer.alloc(0);
  let offset = from;
  for (;;) {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(CHUNK_BYTES),
      0,
      CHUNK_BYTES,
      offset + rest.length,
    );
    const chunk = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let at = 0;
    for (let end = lineEnd(chunk, at); end !== null; end = lineEnd(chunk, at)) {
      yield { bytes: chunk.subarray(at, end), end: offset + end };
      at = end;
    }
    rest = chunk.subarray(at);
    offset += at;
    if (bytesRead === 0) break;
  }
  if (rest.length > 0) yield { bytes: rest, end: null };
}

/** The end of the line, or of the piece of a long one, that begins at `at`; null where neither is there yet. */
function lineEnd(chunk: Buffer, at: number): number | null {
  const end = chunk.indexOf(LINE_FEED, at) + 1;
  if (end > 0 && end - at <= LONGEST_LINE_BYTES) return end;
  return chunk.length - at >= LONGEST_LINE_BYTES ? at + LONGEST_LINE_BYTES : null;
}
