import { afterAll, describe, expect, it, vi } from 'vitest';
import { told } from '#core/words/testing.ts';
import { imageFolder, temporaryFolder } from '../testing/imageFolder.ts';

// Runs before anything loads the addon; threads inherit it.
vi.stubEnv('NORMLAB_IMAGE', '/nowhere/normlab_image.node');
const { decoderNote, imageAddon } = await import('./imageAddon.ts');
const { openImageSet } = await import('../imageSet/openImageSet.ts');
const { scanFolder } = await import('../scan/scanFolder.ts');
const { decodePixels } = await import('./decodePixels.ts');

describe('without the direct decoder', () => {
  afterAll(() => vi.unstubAllEnvs());

  it('sharp decodes everything, and a note says so', async () => {
    expect(imageAddon()).toBeNull();
    expect(told(decoderNote())).toMatch(/slower.*npm run setup/);
    const scan = await scanFolder(await imageFolder(['a', 'b'], 20));
    const indices = Uint32Array.from(scan.images.keys());
    const target = { height: 8, width: 12, channels: 3, resize: 'stretch' } as const;
    const set = await openImageSet({ scan, indices, target, cacheFolder: temporaryFolder(), decoders: 2 });
    expect([set.size, set.cache.state, set.skipped]).toEqual([40, 'built', []]);
    // The first four bytes hold the image's number, the others its colour: see `picture`.
    for (const [sample, file] of set.files.entries()) {
      const number = (file.startsWith('b') ? 1000 : 0) + Number(file.slice(2, -4));
      const { images } = await set.read(Uint32Array.of(sample));
      expect(Buffer.from(images).readUInt32BE(0)).toBe(number);
      expect(images.at(-1)).toBe((number * 37) % 200);
    }
    await set.close();
  });

  it('resizes by the same numbers', async () => {
    const sharp = (await import('sharp')).default;
    const pixels = Uint8Array.from({ length: 40 * 30 * 3 }, (_, at) => (at * 2654435761) >>> 24);
    const bytes = await sharp(pixels, { raw: { width: 40, height: 30, channels: 3 } })
      .png()
      .toBuffer();
    const target = { height: 7, width: 9, channels: 3, resize: 'cover' } as const;
    const { resample } = await import('../pixels/resample.ts');
    const whole = { width: 40, height: 30, shownWidth: 40, shownHeight: 30, channels: 3, pixels } as const;
    expect(await decodePixels(bytes, target)).toEqual(resample(whole, target));
  });
});
