import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { hash } from 'node:crypto';
import type { Depth } from './decode/depth.ts';
import { fileKind, type ImageFormat } from './imageFormat.ts';
import { uprightSize, type HeaderResult, type ImageHeader } from './headers/imageHeader.ts';
import { jpegHasEnd } from './headers/jpegHeader.ts';
import { webpDeclaredBytes } from './headers/otherHeaders.ts';
import { pngHasEnd, pngProblem } from './headers/pngHeader.ts';
import { readHeader, readHeaderBySharp, readTiffHeader } from './headers/readHeader.ts';
import { fileSizeProblem, IMAGE_LIMITS, pictureSizeProblem } from './limits.ts';
import { readProblem } from './systemErrors.ts';
import { fileSource } from './tiff/byteSource.ts';

/** What a scan knows of a picture file. */
export interface ProbedImage {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Upright, after the EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly format: ImageFormat;
  readonly orientation: number;
  readonly depth: Depth;
}

/**
 * `image`, with a digest of the bytes that were read (all of them when `digestIsWhole`); `skip` with a reason; or `other`: a file
 * that is no picture and does not claim to be one.
 */
export type ProbeResult =
  | {
      readonly kind: 'image';
      readonly image: ProbedImage;
      /** SHA-1. */
      readonly digest: Buffer;
      readonly digestIsWhole: boolean;
      /** True: a TIFF holds bands that are not used. */
      readonly hasUnusedBands: boolean;
    }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'other' };

/** The bytes of a file that a scan looks at; `tail` is its end, the same as `head` when `complete`. */
interface FileView {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly complete: boolean;
}

/** Gives a function that probes one file after another, through one buffer. `name` is the name shown, `path` the one opened. */
export function createProbe(): (path: string, name: string) => Promise<ProbeResult> {
  const buffer = Buffer.alloc(IMAGE_LIMITS.wholeReadBytes);
  return async (path, name) => {
    try {
      return await judge(viewFile(path, buffer), name);
    } catch (thrown) {
      return skip(readProblem(thrown, name));
    }
  };
}

/** Opens without waiting, so that a named pipe put in place of a picture cannot block the scan. */
function viewFile(path: string, buffer: Buffer): FileView {
  return withFile(path, (handle) => {
    const { size, mtimeMs } = fstatSync(handle);
    const complete = size <= IMAGE_LIMITS.wholeReadBytes;
    const wanted = complete ? size : IMAGE_LIMITS.headBytes;
    const head = buffer.subarray(0, readSync(handle, buffer, 0, wanted, 0));
    const tailAt = size - IMAGE_LIMITS.tailBytes;
    const tail = complete
      ? head
      : buffer.subarray(wanted, wanted + readSync(handle, buffer, wanted, IMAGE_LIMITS.tailBytes, tailAt));
    return { path, sizeBytes: size, modifiedMs: mtimeMs, head, tail, complete };
  });
}

function withFile<T>(path: string, use: (handle: number) => T): T {
  const handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}

async function judge(view: FileView, name: string): Promise<ProbeResult> {
  const kind = fileKind(view.head, name);
  if (kind.kind === 'other') return kind;
  if (kind.kind === 'unsupported') return skip(kind.reason);
  const { format } = kind;
  const sizeProblem = fileSizeProblem(view.sizeBytes);
  if (sizeProblem !== null) return skip(sizeProblem);
  const result = await headerOf(format, view);
  if (result.kind === 'bad') return skip(result.reason);
  if (result.kind === 'more') return skip('its header cannot be read');
  const problem =
    pictureSizeProblem(result.header.width, result.header.height) ?? endProblem(format, view, result);
  return problem === null ? accepted(format, view, result) : skip(problem);
}

async function headerOf(format: ImageFormat, view: FileView): Promise<HeaderResult> {
  const result = readHeader(format, view.head, view.complete);
  if (result.kind !== 'more') return result;
  if (format === 'jpeg') return readHeader(format, readFileSync(view.path), true);
  if (format === 'tiff') return withFile(view.path, (handle) => readTiffHeader(fileSource(handle)));
  return readHeaderBySharp(view.complete ? Buffer.from(view.head) : view.path);
}

/** Why a file cannot be whole, as far as that shows without decoding. */
function endProblem(
  format: ImageFormat,
  view: FileView,
  result: { frameAt?: number; leastBytes?: number },
): string | null {
  if ((result.leastBytes ?? 0) > view.sizeBytes) return 'the file is cut off';
  if (format === 'png') {
    if (view.complete) return pngProblem(view.head);
    return pngHasEnd(view.tail) ? null : 'the PNG is cut off: its end is missing';
  }
  if (format === 'webp' && webpDeclaredBytes(view.head) > view.sizeBytes) return 'the WebP is cut off';
  if (format !== 'jpeg') return null;
  return hasJpegEnd(view, result.frameAt ?? 0) ? null : 'the JPEG is cut off: its end is missing';
}

/** A phone may append a film of megabytes to a photo, so a large file without an end in sight is read whole. */
function hasJpegEnd(view: FileView, frameAt: number): boolean {
  if (view.complete) return jpegHasEnd(view.head, frameAt);
  return jpegHasEnd(view.tail, 0) || jpegHasEnd(readFileSync(view.path), frameAt);
}

function accepted(
  format: ImageFormat,
  view: FileView,
  { header, unusedBands = 0 }: { header: ImageHeader; unusedBands?: number },
): ProbeResult {
  const { width, height } = uprightSize(header);
  const { channels, orientation, depth } = header;
  const { sizeBytes, modifiedMs } = view;
  const image = { sizeBytes, modifiedMs, width, height, channels, format, orientation, depth };
  return {
    kind: 'image',
    image,
    digest: digestOf(view),
    digestIsWhole: view.complete,
    hasUnusedBands: unusedBands > 0,
  };
}

function digestOf(view: FileView): Buffer {
  const digest = hash('sha1', view.head, 'buffer');
  if (view.complete) return digest;
  const ends = `${view.sizeBytes}:${digest.toString('hex')}${hash('sha1', view.tail, 'hex')}`;
  return hash('sha1', ends, 'buffer');
}

function skip(reason: string): ProbeResult {
  return { kind: 'skip', reason };
}
