import { withImageBytes } from '../data/decode/decodeImage.ts';
import { openFile, renderImage } from '../data/decode/generalDecoder.ts';
import { ownRanges } from '../data/depth/ownRanges.ts';

/**
 * A JPEG of the whole image, upright, its longer side at most `sizePx`; a smaller image is not enlarged. Transparency
 * is blended with black, as for the network; values without a fixed range are stretched to black and white. Throws
 * `AppError('image-unreadable')`.
 */
export async function thumbnailJpeg(file: string, sizePx: number): Promise<Buffer> {
  const inside = { fit: 'inside', withoutEnlargement: true } as const;
  return withImageBytes(file, async (bytes) =>
    renderImage(
      bytes,
      (image) => image.resize(sizePx, sizePx, inside).jpeg({ quality: 82 }).toBuffer(),
      await ownRanges(await openFile(bytes)),
    ),
  );
}
