import { hash } from 'node:crypto';
import sharp from 'sharp';
import { DEFAULT_CROP_FRACTION } from '#core/document/crop.ts';
import type { DigestTable } from '../images/digestTable.ts';
import { DECODER_VERSION } from '../decode/decodePixels.ts';
import { imageAddon } from '../decode/imageAddon.ts';
import type { DecodeTarget } from '../pixels/target.ts';

/**
 * SHA-256, hexadecimal, of everything besides a file's bytes that determines its decoded pixels: the target, and the
 * versions of our decoder and of the libraries it uses.
 */
export function policyKey(target: DecodeTarget): string {
  const { height, width, channels, ranges } = target;
  const direct = imageAddon()?.version ?? 'none';
  return hash(
    'sha256',
    `${height}x${width}x${channels} ${placementKey(target)} ${JSON.stringify(ranges ?? {})} ${DECODER_VERSION}/${direct}/${sharp.versions.vips}`,
  );
}

function placementKey({ resize, cropFraction }: DecodeTarget): string {
  return resize === 'crop' ? `crop ${cropFraction ?? DEFAULT_CROP_FRACTION}` : resize;
}

/**
 * SHA-256, hexadecimal, of a policy and the contents of a set's images. It does not depend on the order, location or
 * names of the images.
 */
export function cacheKey(policy: string, digests: DigestTable): string {
  return hash('sha256', Buffer.concat([Buffer.from(policy, 'hex'), digests.sorted()]));
}
