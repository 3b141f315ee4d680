import { extensionOf, hasImageExtension, isCameraRawName, originalName } from './fileNames.ts';
import { advised, unsupportedKind } from '../../files/imageReasons.ts';
import { modelKind, modelWords } from './modelKind.ts';
import { otherKindOf } from './otherKinds.ts';
import { message, type Message } from '#core/words/message.ts';

export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'bmp', 'tiff', 'avif', 'pnm', 'tga'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

const BACKUP_REASON = advised(message('images.backup'), 'images.renameToUse');
/** Why a camera raw file is skipped: only its thumbnail could be decoded. */
export const RAW_REASON = advised(message('images.cameraRaw'), 'images.toJpegOrPng');

/** The type of a file, from its name and first bytes. */
type FileKind =
  | { readonly kind: 'image'; readonly format: ImageFormat }
  /** An image, or a file that claims to be one, that is not used. */
  | { readonly kind: 'unsupported'; readonly reason: Message }
  /** Neither an image nor a file that claims to be one. */
  | { readonly kind: 'other' };

/**
 * The one rule that decides whether a file is an image; `inspect`, `train`, `eval` and `predict` all use it. The first
 * bytes decide (512 are enough); the name decides only whether a file is ignored or reported, and for formats without a
 * signature.
 */
export function fileKind(head: Uint8Array, name: string): FileKind {
  const claims = hasImageExtension(name);
  const format = detectFormat(head);
  const original = originalName(name);
  if (original !== null) return backupKind(head, original);
  if (isCameraRawName(name) && (format === null || format === 'tiff')) return unsupported(RAW_REASON);
  // TGA has no signature of its own, so only the name confirms it.
  if (format === 'tga' && !claims) return { kind: 'other' };
  if (format !== null) return { kind: 'image', format };
  if (rawSignature(head)) return unsupported(RAW_REASON);
  const other = otherKindOf(head, extensionOf(name));
  if (other !== null) return unsupported(unsupportedKind(other));
  return claims ? unsupported(describeUnknown(head)) : { kind: 'other' };
}

/** Why bytes that `detectFormat` does not recognize are not a readable image. */
export function formatProblem(head: Uint8Array): Message {
  const other = otherKindOf(head, '');
  return other === null ? describeUnknown(head) : unsupportedKind(other);
}

/** Detects an image's format from its first bytes (32 are enough), whatever its name; null: not a supported format. */
export function detectFormat(head: Uint8Array): ImageFormat | null {
  if (startsWith(head, [0xff, 0xd8, 0xff]) && head[3] !== 0xf7) return 'jpeg';
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp';
  if (ascii(head, 0, 6) === 'GIF87a' || ascii(head, 0, 6) === 'GIF89a') return 'gif';
  if (ascii(head, 0, 2) === 'BM' && head.length >= 26 && isBmpHeaderSize(head)) return 'bmp';
  if (isTiff(head)) return 'tiff';
  if (isAvif(head)) return 'avif';
  if (/^P[1-6][\s#]/.test(ascii(head, 0, 3)) && /^P\d\s*(#|\d)/.test(ascii(head, 0, 32))) return 'pnm';
  return isTga(head) ? 'tga' : null;
}

/** The apparent type of a file that is not a supported image, when it can be detected; for the reason of a skip. */
function describeUnknown(head: Uint8Array): Message {
  if (head.length === 0) return message('images.empty');
  const text = ascii(head, 0, 64).trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return message('images.webPage');
  if (text.startsWith('version https://git-lfs'))
    return advised(message('images.lfsPointer'), 'images.pullLfs');
  const model = modelKind(head);
  if (model !== null) return message('images.notAnImage', { what: modelWords(model) });
  return message(isText(head) ? 'images.text' : 'images.unknownFormat');
}

function backupKind(head: Uint8Array, original: string): FileKind {
  const format = detectFormat(head);
  const isImage = hasImageExtension(original) || (format !== null && format !== 'tga');
  return isImage ? unsupported(BACKUP_REASON) : { kind: 'other' };
}

function unsupported(reason: Message): FileKind {
  return { kind: 'unsupported', reason };
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return bytes.length >= prefix.length && prefix.every((value, at) => bytes[at] === value);
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

function isBmpHeaderSize(head: Uint8Array): boolean {
  return [12, 40, 52, 56, 64, 108, 124].includes(head[14] ?? 0) && head[15] === 0;
}

/** TIFF and BigTIFF in either byte order. */
function isTiff(head: Uint8Array): boolean {
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(ascii(head, 0, 4));
}

/** AVIF by its major brand, or by a compatible brand after HEIF's general brands. */
function isAvif(head: Uint8Array): boolean {
  if (ascii(head, 4, 8) !== 'ftyp') return false;
  const main = ascii(head, 8, 12);
  if (main === 'avif' || main === 'avis') return true;
  const boxBytes = Math.min(64, (head[2] ?? 0) * 256 + (head[3] ?? 0));
  return (main === 'mif1' || main === 'msf1') && /avif|avis/.test(ascii(head, 16, boxBytes));
}

/** Magic numbers of camera raw files that are not plain TIFF: Olympus, Panasonic, Fujifilm, Canon, Minolta, Sigma. */
function rawSignature(head: Uint8Array): boolean {
  if (ascii(head, 4, 12) === 'ftypcrx ') return true;
  const words = ['IIRO', 'IIRS', 'MMOR', 'IIU\0', 'FUJIFILMCCD-RAW', 'II\x1a\0\0\0HEAPCCDR', '\0MRM', 'FOVb'];
  return words.some((word) => ascii(head, 0, word.length) === word);
}

/** A header that only a TGA would have: kind, palette, origin, depth and the unused bits must all be valid. */
function isTga(head: Uint8Array): boolean {
  if (head.length < 19) return false;
  const [, paletteKind = 9, kind = 0, , , , , paletteBits = 0] = head;
  const bits = head[16] ?? 0;
  const flags = head[17] ?? 0xff;
  const hasSize = (head[12] ?? 0) + (head[13] ?? 0) > 0 && (head[14] ?? 0) + (head[15] ?? 0) > 0;
  const isIndexed = kind === 1 || kind === 9;
  const isDepth = (isIndexed || kind === 3 || kind === 11 ? [8, 16] : [15, 16, 24, 32]).includes(bits);
  const isPalette = isIndexed
    ? paletteKind === 1 && [15, 16, 24, 32].includes(paletteBits)
    : paletteKind <= 1 && [0, 15, 16, 24, 32].includes(paletteBits);
  return [1, 2, 3, 9, 10, 11].includes(kind) && hasSize && isDepth && isPalette && (flags & 0xc0) === 0;
}

function isText(head: Uint8Array): boolean {
  const start = head.subarray(0, 256);
  return start.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}
