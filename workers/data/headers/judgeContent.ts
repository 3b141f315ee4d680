import { readFileSync } from 'node:fs';
import { withFile, type FileView } from '../format/fileView.ts';
import type { HeaderResult } from './imageHeader.ts';
import { jpegHasEnd } from './jpegHeader.ts';
import { isProgressive, lacksScans } from './jpegScans.ts';
import { webpDeclaredBytes } from './otherHeaders.ts';
import { pngHasEnd, pngProblem } from './pngHeader.ts';
import { readHeader, readHeaderBySharp, readTiffHeader } from './readHeader.ts';
import type { ImageFormat } from '../format/imageFormat.ts';
import { fileSizeProblem, imageSizeProblem } from '../format/limits.ts';
import { fileSource } from '../tiff/byteSource.ts';
import { message, type Message } from '#core/words/message.ts';

type Header = Extract<HeaderResult, { kind: 'header' }>;
type JudgedContent = Header | Extract<HeaderResult, { kind: 'bad' }>;

/**
 * Reads the header of a file and checks, without decoding, whether it can be used: too large, an unsupported variant,
 * damaged, or truncated. Scans and decoders both use it, so that they report the same reason. Throws Node's errors.
 */
export async function judgeContent(format: ImageFormat, view: FileView): Promise<JudgedContent> {
  const sizeProblem = fileSizeProblem(view.sizeBytes);
  if (sizeProblem !== null) return { kind: 'bad', reason: sizeProblem };
  const result = await headerOf(format, view);
  if (result.kind === 'more') return { kind: 'bad', reason: message('images.noHeader') };
  if (result.kind === 'bad') return result;
  const { width, height } = result.header;
  const reason = imageSizeProblem(width, height) ?? endProblem(format, view, result);
  return reason === null ? result : { kind: 'bad', reason };
}

async function headerOf(format: ImageFormat, view: FileView): Promise<HeaderResult> {
  const result = readHeader(format, view.head, view.complete);
  const { path } = view;
  if (result.kind !== 'more') return result;
  if (path === null || view.complete) return readHeaderBySharp(Buffer.from(view.head));
  if (format === 'jpeg') return readHeader(format, readFileSync(path), true);
  if (format === 'tiff') return withFile(path, (handle) => readTiffHeader(fileSource(handle)));
  return readHeaderBySharp(path);
}

/** Why a file cannot be complete. */
function endProblem(format: ImageFormat, view: FileView, header: Header): Message | null {
  if ((header.leastBytes ?? 0) > view.sizeBytes) return message('images.cutOff');
  if (format === 'webp' && webpDeclaredBytes(view.head) > view.sizeBytes) return message('images.webpCutOff');
  if (format === 'jpeg') return jpegProblem(view, header.frameAt ?? 0);
  if (format !== 'png') return null;
  if (view.complete) return pngProblem(view.head);
  return pngHasEnd(view.tail) ? null : message('images.endMissing', { format: 'PNG' });
}

/**
 * A phone may append a video of megabytes to a photo, so a large file without an end marker near its end is read
 * completely; so is a large progressive one, because any of its scans may be the last.
 */
function jpegProblem(view: FileView, frameAt: number): Message | null {
  const hasEnd = view.complete ? jpegHasEnd(view.head, frameAt) : jpegHasEnd(view.tail, 0);
  const mustReadWhole = !view.complete && (!hasEnd || isProgressive(view.head, frameAt));
  if (!hasEnd && !mustReadWhole) return message('images.endMissing', { format: 'JPEG' });
  if (!view.complete && !mustReadWhole) return null;
  const bytes = mustReadWhole && view.path !== null ? readFileSync(view.path) : view.head;
  if (!jpegHasEnd(bytes, frameAt)) return message('images.endMissing', { format: 'JPEG' });
  return lacksScans(bytes, frameAt) ? message('images.jpegLacksScans') : null;
}
