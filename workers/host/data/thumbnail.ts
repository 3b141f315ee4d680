import { ownRanges } from '../../data/depth/ownRanges.ts';
import { openFile, renderImage } from '../../data/decode/generalDecoder.ts';
import { withImageBytes } from '../../data/decode/decodeImage.ts';

/**
 * A PNG of the whole image, upright, its longer side at most `sizePx`; a smaller image is not enlarged. Transparency is
 * blended with black, as for the network; faint 16-bit images and values without a fixed range are stretched to black
 * and white. Throws `AppError('image-unreadable')`.
 */
export async function thumbnailPng(path: string, sizePx: number): Promise<Buffer> {
  const inside = { fit: 'inside', withoutEnlargement: true, kernel: 'linear' } as const;
  return withImageBytes(path, async (bytes) =>
    renderImage(
      bytes,
      (image) => image.resize(sizePx, sizePx, inside).png().toBuffer(),
      await ownRanges(await openFile(bytes)),
    ),
  );
}
