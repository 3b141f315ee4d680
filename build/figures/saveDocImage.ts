import { join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from '../setup/shell.ts';

/**
 * Writes a screenshot as `docs/images/NAME.png`, with a palette: the screen has few colors, and its images stay small.
 * Returns the size in bytes.
 */
export async function saveDocImage(name: string, png: Buffer): Promise<number> {
  const { size } = await sharp(png)
    .png({ palette: true, colours: 128, effort: 10, compressionLevel: 9, dither: 0.5 })
    .toFile(join(ROOT, 'docs/images', `${name}.png`));
  return size;
}
