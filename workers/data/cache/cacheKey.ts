import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { DECODER_VERSION } from '../decode/decodePixels.ts';
import { imageAddon } from '../decode/imageAddon.ts';
import type { DecodeTarget } from '../decode/target.ts';

/** What a decoded picture depends on, on the file's side. */
export interface CachedFile {
  readonly file: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/**
 * SHA-256, hexadecimal, over everything that decides the bytes of a cache: folder, files with size and time in slot order,
 * target, our decoder's version and those of the libraries it decodes with.
 */
export function cacheKey(root: string, files: readonly CachedFile[], target: DecodeTarget): string {
  const { height, width, channels, resize } = target;
  const direct = imageAddon()?.version ?? 'none';
  const decoder = `${DECODER_VERSION}/${direct}/${sharp.versions.vips}`;
  const digest = createHash('sha256');
  digest.update(`${root}\0${height}x${width}x${channels} ${resize} ${decoder}\n`);
  for (const { file, sizeBytes, modifiedMs } of files) digest.update(`${file}\0${sizeBytes} ${modifiedMs}\n`);
  return digest.digest('hex');
}
