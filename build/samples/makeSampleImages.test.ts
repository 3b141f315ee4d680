import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { openStream } from '#core/training/random.ts';
import { drawShape, SHAPES } from './drawShape.ts';
import { encodePng } from './encodePng.ts';
import { makeSampleImages } from './makeSampleImages.ts';

describe('the sample images', () => {
  const base = mkdtempSync(join(tmpdir(), 'normlab-samples-'));
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('are drawn whole once, the same every time, and not drawn over', () => {
    const folder = join(base, 'shapes');
    expect(makeSampleImages(folder)).toBe(true);
    expect(readdirSync(join(folder, 'train'))).toEqual([...SHAPES]);
    expect(readdirSync(join(folder, 'train', 'circle'))).toHaveLength(400);
    expect(readdirSync(join(folder, 'test', 'triangle'))).toHaveLength(100);
    expect(readdirSync(base)).toEqual(['shapes']);
    const first = readFileSync(join(folder, 'test', 'square', '0007.png'));
    expect(makeSampleImages(folder)).toBe(false);
    rmSync(folder, { recursive: true });
    makeSampleImages(folder);
    expect(readFileSync(join(folder, 'test', 'square', '0007.png')).equals(first)).toBe(true);
  });

  it('of an older drawing are replaced', () => {
    const folder = join(base, 'older');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'ABOUT.txt'), 'NormLab sample images, version 1\n');
    writeFileSync(join(folder, 'old.png'), 'old');
    expect(makeSampleImages(folder)).toBe(true);
    expect(readdirSync(folder)).toEqual(['ABOUT.txt', 'test', 'train']);
    expect(makeSampleImages(folder)).toBe(false);
  });

  it('refuse a folder that holds something else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'normlab-samples-'));
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    expect(() => makeSampleImages(folder)).toThrow(/not empty/);
    expect(readdirSync(folder)).toEqual(['mine.txt']);
    rmSync(folder, { recursive: true });
  });

  it('are all different and decode to the very bytes that were drawn', async () => {
    const seen = new Set<string>();
    for (const shape of SHAPES) {
      for (let number = 0; number < 20; number++) {
        const pixels = drawShape(shape, openStream(1, `${shape}/${number}`));
        seen.add(createHash('sha1').update(pixels).digest('hex'));
        const decoded = await sharp(encodePng(pixels, 32, 32))
          .raw()
          .toBuffer();
        expect(decoded.equals(Buffer.from(pixels))).toBe(true);
      }
    }
    expect(seen.size).toBe(80);
  });
});
