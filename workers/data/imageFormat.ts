import { modelKind } from './modelKind.ts';

export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'bmp', 'tiff', 'avif'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** Tells a picture's format by its first bytes (16 are enough), whatever the file is called; null: not one we read. */
export function detectFormat(head: Uint8Array): ImageFormat | null {
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp';
  if (ascii(head, 0, 6) === 'GIF87a' || ascii(head, 0, 6) === 'GIF89a') return 'gif';
  if (ascii(head, 0, 2) === 'BM' && head.length >= 26 && isBmpHeaderSize(head)) return 'bmp';
  if (startsWith(head, [0x49, 0x49, 0x2a, 0]) || startsWith(head, [0x4d, 0x4d, 0, 0x2a])) return 'tiff';
  const brand = ascii(head, 4, 12);
  return brand === 'ftypavif' || brand === 'ftypavis' ? 'avif' : null;
}

/** What a file that is no picture we read looks like, in words, when that can be told; for the reason of a skip. */
export function describeUnknown(head: Uint8Array): string {
  const text = ascii(head, 0, 64).trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) {
    return 'it holds a web page, not a picture (a failed download?)';
  }
  if (text.startsWith('<svg') || text.startsWith('<?xml')) return 'SVG and XML are not supported';
  const brand = ascii(head, 4, 11);
  if (brand === 'ftyphei' || brand === 'ftypmif') {
    return 'HEIC is not supported; convert it to JPEG or PNG';
  }
  const model = modelKind(head);
  if (model !== null) return `it is ${model}, not an image`;
  if (isText(head)) return 'it holds text, not a picture';
  return 'its first bytes are those of no supported picture format';
}

const PICTURE_EXTENSIONS = new Set(
  'jpg jpeg jpe jfif png apng webp gif bmp dib tif tiff avif heic heif jxl jp2 ico psd svg'.split(' '),
);
const RAW_EXTENSIONS = new Set('dng cr2 cr3 nef arw orf rw2 pef srw raf'.split(' '));

/** True when the name promises a picture; a file that is none is then reported, any other is passed over in silence. */
export function hasPictureExtension(file: string): boolean {
  const extension = extensionOf(file);
  return PICTURE_EXTENSIONS.has(extension) || RAW_EXTENSIONS.has(extension);
}

/** Camera raw files look like TIFF by their first bytes, but what decodes is only their small preview. */
export function isCameraRaw(file: string): boolean {
  return RAW_EXTENSIONS.has(extensionOf(file));
}

function extensionOf(file: string): string {
  const dot = file.lastIndexOf('.');
  return dot < 0 ? '' : file.slice(dot + 1).toLowerCase();
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

function isText(head: Uint8Array): boolean {
  const start = head.subarray(0, 256);
  return start.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}
