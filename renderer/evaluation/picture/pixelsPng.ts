import type { Pixels } from './mapPixels.ts';

/** Smallest side of a saved picture: a kernel of 3 x 3 pixels would be invisible. */
const LEAST_PX = 256;

/** Pixels as a PNG, each enlarged to a square of whole pixels; null where the browser cannot create one. */
export async function pixelsPng({ width, height, rgba }: Pixels): Promise<Blob | null> {
  const plain = document.createElement('canvas');
  [plain.width, plain.height] = [width, height];
  plain.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  const scale = Math.max(1, Math.ceil(LEAST_PX / Math.max(width, height)));
  const large = document.createElement('canvas');
  [large.width, large.height] = [width * scale, height * scale];
  const context = large.getContext('2d');
  if (context === null) return null;
  context.imageSmoothingEnabled = false;
  context.drawImage(plain, 0, 0, large.width, large.height);
  return new Promise((resolve) => large.toBlob(resolve, 'image/png'));
}
