import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { IMAGE_LIMITS } from '../format/limits.ts';

// One thread per image: images are decoded in parallel. No cache: every file is read once.
sharp.concurrency(1);
sharp.cache(false);

const SAFE_OPTIONS = { limitInputPixels: IMAGE_LIMITS.maxPixels, pages: 1 } as const satisfies SharpOptions;

/** What counts as damage: with `warning` every warning of the decoder, with `error` only what stops it. */
type Strictness = 'warning' | 'error';

/** The source of the pixels: a file's bytes, or decoded pixels. */
export interface ImageInput {
  readonly bytes: Buffer;
  readonly raw?: { readonly width: number; readonly height: number; readonly channels: 1 | 3 };
}

/**
 * Opens an image with NormLab's rules: only the first frame or page; limits on pixels and time; truncation is always an
 * error, never a half-grey image; upright by EXIF (undefined values mean as stored); transparency over black; sRGB, in
 * 8 or 16 bits.
 */
export function openImage(
  { bytes, raw }: ImageInput,
  failOn: Strictness,
  space: 'srgb' | 'rgb16' | 'grey16' = 'srgb',
): Sharp {
  const options: SharpOptions = { ...SAFE_OPTIONS, failOn, ...(raw === undefined ? {} : { raw }) };
  return sharp(bytes, options)
    .timeout({ seconds: IMAGE_LIMITS.decodeTimeoutMs / 1000 })
    .autoOrient()
    .flatten({ background: '#000' })
    .toColourspace(space);
}
