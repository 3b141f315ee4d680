import { openChecked } from './decode/decodePixels.ts';
import { decodeProblem, UnreadableImage } from './decode/unreadableImage.ts';
import { withImageBytes } from './decodeImage.ts';

/**
 * A PNG of the whole picture, upright, its longer side at most `sizePx`; a smaller picture is not enlarged. Transparency lies
 * over black, as the network sees it. Throws `AppError('image-unreadable')`.
 */
export async function thumbnailPng(path: string, sizePx: number): Promise<Buffer> {
  return withImageBytes(path, async (bytes) => {
    const picture = openChecked(bytes).resize(sizePx, sizePx, {
      fit: 'inside',
      withoutEnlargement: true,
      kernel: 'linear',
    });
    try {
      return await picture.png().toBuffer();
    } catch (thrown) {
      throw new UnreadableImage(decodeProblem(thrown), thrown);
    }
  });
}
