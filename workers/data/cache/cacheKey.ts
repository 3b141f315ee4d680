import { hash } from 'node:crypto';
import sharp from 'sharp';
import type { DigestTable } from '../images/digestTable.ts';
import { DECODER_VERSION } from '../decode/decodePixels.ts';
import { imageAddon } from '../decode/imageAddon.ts';
import type { DecodeTarget } from '../pixels/target.ts';

/**
 * SHA-256, hexadecimal, over everything beside a file's bytes that decides what it decodes to: target, our decoder's
 * version and those of the libraries it decodes with.
 */
export function policyKey(target: DecodeTarget): string {
  const { height, width, channels, resize, ranges } = target;
  const direct = imageAddon()?.version ?? 'none';
  return hash(
    'sha256',
    `${height}x${width}x${channels} ${resize} ${JSON.stringify(ranges ?? {})} ${DECODER_VERSION}/${direct}/${sharp.versions.vips}`,
  );
}

/**
 * SHA-256, hexadecimal, over a policy and the contents of a set's images: the same in any order, place and under any
 * names.
 */
export function cacheKey(policy: string, digests: DigestTable): string {
  return hash('sha256', Buffer.concat([Buffer.from(policy, 'hex'), digests.sorted()]));
}
