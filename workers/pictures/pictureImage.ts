import { renderImage, openFile } from '../data/decode/generalDecoder.ts';
import { decodePixels } from '../data/decode/decodePixels.ts';
import { ownRanges } from '../data/depth/ownRanges.ts';
import { uprightSize } from '../data/headers/imageHeader.ts';
import type { DecodeTarget } from '../data/pixels/target.ts';

/** Longer side of a preview, in pixels. */
const PREVIEW_PX = 512;
/** Smaller pictures are shown enlarged, where a JPEG's blocks would be seen. */
const SMALL_PX = 160;

/** A decoded picture. */
export interface PictureImage {
  /** What the network gets, `[height, width, channels]`. */
  readonly pixels: Uint8Array;
  /** A data URL of the whole picture, upright, its longer side at most 512 px. */
  readonly preview: string;
  /** Size of the picture in the file, upright. */
  readonly width: number;
  readonly height: number;
}

/** Decodes the bytes of an image file as training does. Throws `UnreadableImage`. */
export async function readPicture(bytes: Buffer, target: DecodeTarget): Promise<PictureImage> {
  const file = await openFile(bytes);
  const { width, height } = uprightSize(file.header);
  const pixels = await decodePixels(bytes, target);
  const inside = { fit: 'inside', withoutEnlargement: true } as const;
  const isSmall = Math.max(width, height) <= SMALL_PX;
  const shown = await renderImage(
    bytes,
    (image) => {
      const resized = image.resize(PREVIEW_PX, PREVIEW_PX, inside);
      return (isSmall ? resized.png() : resized.jpeg({ quality: 88 })).toBuffer();
    },
    await ownRanges(file),
  );
  const kind = isSmall ? 'png' : 'jpeg';
  return { pixels, preview: `data:image/${kind};base64,${shown.toString('base64')}`, width, height };
}
