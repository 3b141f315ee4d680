import { InvariantError } from '#core/diagnostics/invariantError.ts';
import { fileSizeProblem } from '../format/limits.ts';
import { decodeGenerally } from './generalDecoder.ts';
import { imageAddon, type ImageAddon } from './imageAddon.ts';
import { toChannels } from '../pixels/luma.ts';
import { resample, type UprightPixels } from '../pixels/resample.ts';
import { targetBytes, type DecodeTarget } from '../pixels/target.ts';

/** Part of the key of a decoded cache: increase it whenever the same file would decode to other bytes. */
export const DECODER_VERSION = 4;

/**
 * Decodes the bytes of an image file to exactly `[height, width, channels]` bytes; the one function used by training,
 * evaluation, prediction and preview.
 *
 * Upright by EXIF; first frame; 16 bits to 8 by the high byte, or by `target.ranges`; CMYK and embedded profiles to
 * sRGB; transparency over black. Resized by `resample` (Pillow's antialiased bilinear, bit for bit), after JPEG's own
 * scaled decoding by 2, 4 or 8 where the image is at least that much larger than the target (Pillow's `draft`). `fit`
 * pads with black, centred; `cover` crops the centre; `crop` resizes the shorter side and crops the centre, without
 * scaled decoding. An image that already has the target size is not resampled, except by `crop`. Conversion to grey is
 * done after resizing. Plain JPEG and PNG are decoded by the direct decoder where it is available; everything else, and
 * every unclear file, by sharp. Throws `UnreadableImage`.
 */
export async function decodePixels(bytes: Buffer, target: DecodeTarget): Promise<Uint8Array> {
  const wanted = targetBytes(target);
  const addon = imageAddon();
  if (addon !== null && fileSizeProblem(bytes.length) === null) {
    const out = new Uint8Array(wanted);
    if (addon.decode({ bytes, target, out })) return out;
  }
  const decoded = await decodeGenerally(bytes, target);
  const resized = resizeTo(decoded, target, addon);
  const pixels = toChannels({ channels: decoded.channels, pixels: resized }, target.channels);
  if (pixels.length !== wanted) throw new InvariantError(`decoded ${pixels.length} bytes, not ${wanted}`);
  return pixels;
}

/** Resizes with the addon where it is available: the same numbers, faster. */
function resizeTo(image: UprightPixels, target: DecodeTarget, addon: ImageAddon | null): Uint8Array {
  const isDone = image.width === target.width && image.height === target.height && target.resize !== 'crop';
  if (isDone) return image.pixels;
  if (addon === null) return resample(image, target);
  const { channels, pixels: _, ...sizes } = image;
  const out = new Uint8Array(target.height * target.width * channels);
  addon.resize({ ...sizes, pixels: image.pixels, target: { ...target, channels }, out });
  return out;
}
