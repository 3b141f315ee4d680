import type { ByteImage } from './byteImage.ts';

/** Rotates and reflects stored pixels according to EXIF and TIFF orientations 2 to 8; returns the same image for 1. */
export function orientPixels(image: ByteImage, orientation: number): ByteImage {
  if (orientation === 1) return image;
  const { data, width, height, channels } = image;
  const isTurned = orientation >= 5;
  const [across, down] = isTurned ? [height, width] : [width, height];
  const flipsX = [2, 3, 7, 8].includes(orientation);
  const flipsY = [3, 4, 6, 7].includes(orientation);
  const out = Buffer.allocUnsafe(data.length);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      // Offset of the stored pixel that is displayed here.
      const column = isTurned ? y : x;
      const row = isTurned ? x : y;
      const from =
        ((flipsY ? height - 1 - row : row) * width + (flipsX ? width - 1 - column : column)) * channels;
      const to = (y * across + x) * channels;
      for (let channel = 0; channel < channels; channel++) out[to + channel] = data[from + channel] ?? 0;
    }
  }
  return { data: out, width: across, height: down, channels };
}
