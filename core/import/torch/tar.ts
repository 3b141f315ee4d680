import { message } from '../../words/message.ts';
import { brokenFile } from '../fileFault.ts';

const BLOCK = 512;

/** True for a tar archive: the first header's checksum is right. */
export function looksLikeTar(bytes: Uint8Array): boolean {
  return bytes.length >= BLOCK && bytes[0] !== 0 && hasChecksum(bytes.subarray(0, BLOCK));
}

/**
 * The regular files of a tar archive (POSIX ustar), by name; the content is part of the archive's bytes, not a copy.
 */
export function readTar(bytes: Uint8Array<ArrayBuffer>): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (!hasChecksum(header)) throw brokenFile(message('weightFiles.tarHeader'));
    const size = octal(header.subarray(124, 136));
    const name = textOf(header.subarray(0, 100));
    const from = at + BLOCK;
    if (size === null || from + size > bytes.length)
      throw brokenFile(message('weightFiles.tarSize', { name }));
    const type = header[156] ?? 0;
    if ((type === 0 || type === 0x30) && !files.has(name)) files.set(name, bytes.subarray(from, from + size));
    at = from + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** The sum of the header's bytes, with spaces in the place of the sum itself. */
function hasChecksum(header: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 0x20 : (header[at] ?? 0);
  return octal(header.subarray(148, 156)) === sum;
}

function octal(field: Uint8Array): number | null {
  const text = textOf(field).trim();
  return /^[0-7]+$/u.test(text) ? Number.parseInt(text, 8) : null;
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return String.fromCharCode(...field.subarray(0, end < 0 ? field.length : end));
}
