import { join } from 'node:path';
import type { ValueRanges } from '#core/document/preprocessing.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import {
  countPixels,
  emptyHistograms,
  MIN_DEVIATION,
  statisticsOf,
  type ChannelStatistics,
} from '../cache/histograms.ts';
import { decodeImage } from '../decode/decodeImage.ts';
import { measureRanges } from '../depth/measureRanges.ts';
import { throwIfAborted } from '../../threads/pace.ts';
import type { FolderScan } from './scanFolder.ts';

/** Maximum number of images that are decoded for the check, evenly spread, and their maximum size. */
const LOOKED_AT = 24;
const SIDE = 64;

/** Properties of the pixels of a scanned folder, from a sample of images. */
export interface PixelLook {
  /** How samples of more than 8 bits are converted to bytes in this set. */
  readonly ranges: ValueRanges;
  readonly warnings: readonly Message[];
  /** True: one of the warnings says that all pixels have one value. */
  readonly isFlat: boolean;
}

/**
 * Checks the pixels of a scan before a run does: measures the value ranges of deep images, unless a resumed run has
 * them already, and warns of images without visible content. Decodes up to 24 images at a small size. Throws
 * `AppError('interrupted')`.
 */
export async function lookAtPixels(
  scan: Pick<FolderScan, 'root' | 'images' | 'input'>,
  options: { readonly ranges?: ValueRanges | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<PixelLook> {
  const { ranges, notes } =
    options.ranges === undefined
      ? await measureRanges(scan, options.signal)
      : { ranges: options.ranges, notes: [] };
  const flat = await flatLook(scan, ranges, options.signal);
  return { ranges, warnings: flat === null ? notes : [...notes, flat], isFlat: flat !== null };
}

/** The warning about images whose pixels all have one value, or nearly; null when there is none. */
export function flatWarning({ mean, deviation }: ChannelStatistics, images: number): Message | null {
  if (images === 0 || deviation.some((value) => value > MIN_DEVIATION)) return null;
  const values = mean.map((value) => Math.round(value));
  return message('folders.flat', {
    images: message('folders.theImages', { count: images }),
    colour: namedColour(values),
  });
}

/** Red, green and blue, or grey, of 0 to 255. */
function namedColour(values: readonly number[]): Message {
  const [value = 0] = values;
  if (values.some((other) => other !== value)) return message('folders.oneColour', { colour: values });
  if (value === 0) return message('folders.black');
  return value === 255 ? message('folders.white') : message('folders.oneValue', { value });
}

async function flatLook(
  { root, images, input }: Pick<FolderScan, 'root' | 'images' | 'input'>,
  ranges: ValueRanges,
  signal: AbortSignal | undefined,
): Promise<Message | null> {
  const size = {
    height: Math.min(SIDE, input?.height.value ?? SIDE),
    width: Math.min(SIDE, input?.width.value ?? SIDE),
  };
  const target = { ...size, channels: 3, resize: 'stretch', ranges } as const;
  const histograms = emptyHistograms(3);
  const step = Math.max(1, images.length / LOOKED_AT);
  let seen = 0;
  for (let at = 0; at < images.length; at += step) {
    throwIfAborted(signal);
    const pixels = await decodeImage(join(root, images.fileOf(Math.floor(at))), target).catch(
      nullIfUnreadable,
    );
    if (pixels === null) continue;
    countPixels(histograms, pixels);
    seen += 1;
    // Most sets are soon seen not to be flat.
    if (flatWarning(statisticsOf(histograms), seen) === null) return null;
  }
  return flatWarning(statisticsOf(histograms), seen);
}

function nullIfUnreadable(thrown: unknown): null {
  if (thrown instanceof AppError) return null;
  throw thrown;
}
