import { hash } from 'node:crypto';
import type { Depth } from '../pixels/depth.ts';
import { viewFile, type FileView } from '../format/fileView.ts';
import { uprightSize, type ImageHeader } from '../headers/imageHeader.ts';
import { fileKind, type ImageFormat } from '../format/imageFormat.ts';
import { judgeContent } from '../headers/judgeContent.ts';
import { IMAGE_LIMITS } from '../format/limits.ts';
import { readProblem } from '../../files/systemErrors.ts';
import type { Message } from '#core/words/message.ts';

/** What a scan stores about an image file. */
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
 * `image`, with a digest of the bytes that were read (all of them when `digestIsWhole`); `skip` with a reason; or
 * `other`: a file that is not an image and does not claim to be one.
 */
type ProbeResult =
  | {
      readonly kind: 'image';
      readonly image: ProbedImage;
      /** SHA-1. */
      readonly digest: Buffer;
      readonly digestIsWhole: boolean;
      /** True: a TIFF holds bands that are not used. */
      readonly hasUnusedBands: boolean;
    }
  | { readonly kind: 'skip'; readonly reason: Message }
  | { readonly kind: 'other' };

/**
 * Returns a function that probes one file after another, through one buffer. `name` is the displayed name, `path` the
 * path that is opened.
 */
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

async function judge(view: FileView, name: string): Promise<ProbeResult> {
  const kind = fileKind(view.head, name);
  if (kind.kind === 'other') return kind;
  if (kind.kind === 'unsupported') return skip(kind.reason);
  const judged = await judgeContent(kind.format, view);
  return judged.kind === 'bad' ? skip(judged.reason) : accepted(kind.format, view, judged);
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

function skip(reason: Message): ProbeResult {
  return { kind: 'skip', reason };
}
