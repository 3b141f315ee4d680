import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { ImageFormat } from '../format/imageFormat.ts';
import { onTestFinished } from 'vitest';

/** An empty folder for this test, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'normlab-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An image of one colour with a brighter top left corner; `seed` makes its bytes unique. */
export async function picture(
  seed: number,
  options: { width?: number; height?: number; format?: Exclude<ImageFormat, 'bmp' | 'pnm' | 'tga'> } = {},
): Promise<Buffer> {
  const { width = 12, height = 8, format = 'png' } = options;
  const pixels = Buffer.alloc(width * height * 3, (seed * 37) % 200);
  pixels.writeUInt32BE(seed, 0);
  const raw = { width, height, channels: 3 } as const;
  return sharp(pixels, { raw }).toFormat(format).toBuffer();
}

/** Writes files below a folder; names are relative, with '/'. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** A folder with `count` different PNGs of 12 x 8 in each class. */
export async function imageFolder(classes: readonly string[], count: number): Promise<string> {
  const folder = temporaryFolder();
  for (const [classIndex, name] of classes.entries()) {
    for (let number = 0; number < count; number++) {
      writeFiles(folder, { [`${name}/${number}.png`]: await picture(classIndex * 1000 + number) });
    }
  }
  return folder;
}
