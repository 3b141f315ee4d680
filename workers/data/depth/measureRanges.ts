import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValueRanges } from '#core/document/preprocessing.ts';
import { message, type Message } from '#core/words/message.ts';
import type { Depth } from '../pixels/depth.ts';
import { openFile } from '../decode/generalDecoder.ts';
import { UnreadableImage } from '../format/unreadableImage.ts';
import type { ImageList } from '../images/imageList.ts';
import { throwIfAborted } from '../../threads/pace.ts';
import { systemCode } from '../../files/systemErrors.ts';
import { collectSamples } from './collectSamples.ts';
import { isFaint, rangeOf, type ValueRange } from './rangeOf.ts';

/** Maximum number of images of each depth that are sampled, evenly spread, and of samples of each. */
const IMAGES_MOST = 64;
const SAMPLES_MOST = 16_384;

/** Value ranges of a set, and a note on each. */
interface DepthFindings {
  readonly ranges: ValueRanges;
  readonly notes: readonly Message[];
}

/**
 * Computes the value ranges that the deep images (more than 8 bits) of a scan need to keep their contrast in bytes:
 * always for numbers without a full scale, and for 16 bits where the high byte would lose most of the contrast. Reads
 * up to 64 images of each depth, none of 8 bits. Throws `AppError('interrupted')`.
 */
export async function measureRanges(
  scan: { readonly root: string; readonly images: ImageList },
  signal?: AbortSignal,
): Promise<DepthFindings> {
  const deep = deepImages(scan.images);
  const ranges: { unsigned16?: ValueRange; number?: ValueRange } = {};
  const notes: Message[] = [];
  for (const depth of ['unsigned16', 'number'] as const) {
    const indices = deep[depth];
    const range = indices.length === 0 ? null : rangeOf(await samplesOf(scan, indices, signal));
    if (range === null || (depth === 'unsigned16' && !isFaint(range))) continue;
    ranges[depth] = range;
    notes.push(noteOf(depth, indices.length, range));
  }
  return { ranges, notes };
}

function deepImages(images: ImageList): Record<Exclude<Depth, 'byte'>, number[]> {
  const deep: Record<Exclude<Depth, 'byte'>, number[]> = { unsigned16: [], number: [] };
  for (const index of images.keys()) {
    const depth = images.depthOf(index);
    if (depth !== 'byte') deep[depth].push(index);
  }
  return deep;
}

async function samplesOf(
  { root, images }: { readonly root: string; readonly images: ImageList },
  indices: readonly number[],
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const step = Math.max(1, indices.length / IMAGES_MOST);
  const samples: number[] = [];
  for (let at = 0; at < indices.length; at += step) {
    throwIfAborted(signal);
    const path = join(root, images.fileOf(indices[Math.floor(at)] ?? 0));
    for (const value of await samplesOfFile(path)) samples.push(value);
  }
  return samples;
}

/** A file that was removed or does not decode is skipped; the decoder reports it later. */
async function samplesOfFile(path: string): Promise<number[]> {
  try {
    return await collectSamples(await openFile(await readFile(path)), SAMPLES_MOST);
  } catch (thrown) {
    if (thrown instanceof UnreadableImage || systemCode(thrown) !== null) return [];
    throw thrown;
  }
}

function noteOf(depth: Exclude<Depth, 'byte'>, count: number, [low, high]: ValueRange): Message {
  const key = depth === 'unsigned16' ? 'folders.faint16' : 'folders.noFixedRange';
  return message(key, { count, low: short(low), high: short(high) });
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
