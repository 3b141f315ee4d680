import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { IMAGE_LIMITS } from '../limits.ts';

// One thread a picture: the parallelism is across pictures. No cache: every file is read once.
sharp.concurrency(1);
sharp.cache(false);

const SAFE_OPTIONS = {
  failOn: 'error',
  limitInputPixels: IMAGE_LIMITS.maxPixels,
  pages: 1,
} as const satisfies SharpOptions;

/**
 * Opens a picture with NormLab's rules: only the first frame or page; any damage, truncation included, is an error and no
 * half-grey picture; limits on pixels and time; upright by EXIF (undefined values mean as stored); transparency over black.
 */
export function openPicture(bytes: Buffer, raw?: { width: number; height: number; channels: 3 }): Sharp {
  const options: SharpOptions = raw === undefined ? SAFE_OPTIONS : { ...SAFE_OPTIONS, raw };
  return sharp(bytes, options)
    .timeout({ seconds: IMAGE_LIMITS.decodeTimeoutMs / 1000 })
    .autoOrient()
    .flatten({ background: '#000' })
    .toColourspace('srgb');
}
