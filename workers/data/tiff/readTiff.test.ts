import { closeSync, openSync } from 'node:fs';
import { told } from '#core/words/testing.ts';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePixels } from '../decode/decodePixels.ts';
import { flat, tiffFile, type TiffParts } from '../testing/tiffFile.ts';
import { temporaryFolder, writeFiles } from '../testing/imageFolder.ts';
import { bufferSource, fileSource } from './byteSource.ts';
import { judgeTiff } from './judgeTiff.ts';
import { readTiff } from './readTiff.ts';

const SIDE = 32;
const COLOUR = [200, 120, 40];

/** TIFF of one colour, 32 x 32. */
function oneColour(bands: readonly number[], photometric: number, more: Partial<TiffParts> = {}): Buffer {
  const values = Uint8Array.from(flat(SIDE, SIDE, bands));
  return tiffFile({ width: SIDE, height: SIDE, samples: bands.length, values, photometric, ...more });
}

function deep(bands: readonly number[]): Partial<TiffParts> {
  return { values: Uint16Array.from(flat(SIDE, SIDE, bands)) };
}

/** The colour in the middle at the image's own size (32) and resized (16). */
async function colours(bytes: Buffer, channels: 1 | 3 = 3): Promise<number[][]> {
  const seen = [];
  for (const side of [SIDE, SIDE / 2]) {
    const target = { height: side, width: side, channels, resize: 'stretch' } as const;
    const pixels = await decodePixels(bytes, target);
    expect(pixels).toHaveLength(side * side * channels);
    const at = (side / 2) * (side + 1) * channels;
    seen.push([...pixels.subarray(at, at + channels)]);
  }
  return seen;
}

describe('bands of a TIFF', () => {
  it.each([
    ['RGB', oneColour(COLOUR, 2), COLOUR],
    ['RGB and near infrared', oneColour([...COLOUR, 64], 2, { extraSamples: [0] }), COLOUR],
    ['RGB and a band without any word of it', oneColour([...COLOUR, 64], 2), COLOUR],
    ['five bands, the first RGB', oneColour([...COLOUR, 64, 10], 2, { extraSamples: [0, 0] }), COLOUR],
    ['three bands without meaning', oneColour(COLOUR, 1, { extraSamples: [0, 0] }), COLOUR],
    ['the same in 16 bits', oneColour([51_200, 30_720, 10_240], 1, deep([51_200, 30_720, 10_240])), COLOUR],
    ['grey and a band', oneColour([200, 120], 1, { extraSamples: [0] }), [200, 200, 200]],
    ['white is zero', oneColour([55], 0), [200, 200, 200]],
    ['RGB half transparent', oneColour([...COLOUR, 127], 2, { extraSamples: [2] }), [99, 59, 19]],
    ['RGB premultiplied', oneColour([...COLOUR, 127], 2, { extraSamples: [1] }), COLOUR],
    ['data before transparency', oneColour([...COLOUR, 9, 127], 2, { extraSamples: [0, 2] }), [99, 59, 19]],
  ])('%s: extra bands are data, not transparency, at any size', async (_, bytes, colour) => {
    expect(await colours(bytes)).toEqual([colour, colour]);
  });

  it('lie one after another as well', async () => {
    const planes = [...COLOUR, 64].flatMap((value) => Array<number>(SIDE * SIDE).fill(value));
    const values = Uint8Array.from(planes);
    const bytes = oneColour([...COLOUR, 64], 2, { values, isPlanar: true, extraSamples: [0] });
    expect(await colours(bytes)).toEqual([COLOUR, COLOUR]);
  });

  it.each([4, 13])('of more than three without colours are refused by their number: %i', async (count) => {
    const bands = Array.from({ length: count }, (_, band) => band * 10);
    const refusal = colours(oneColour(bands, 1, { extraSamples: bands.slice(1).map(() => 0) }));
    await expect(refusal).rejects.toThrow(`a TIFF of more than 3 bands is not supported (it has ${count})`);
    await expect(refusal).rejects.not.toThrow(/damaged|internal/);
  });

  it('are turned upright', async () => {
    const values = Uint8Array.from({ length: SIDE * SIDE * 5 }, (_, at) =>
      Math.floor(at / 5) < (SIDE * SIDE) / 2 ? 250 : 5,
    );
    const bytes = oneColour([0, 0, 0, 0, 0], 2, { values, extraSamples: [0, 0], tags: { 274: 6 } });
    const target = { height: SIDE, width: SIDE, channels: 1, resize: 'stretch' } as const;
    const pixels = await decodePixels(bytes, target);
    // Stored at the top, displayed on the right.
    expect([pixels[SIDE * 16 + 2], pixels[SIDE * 16 + 29]]).toEqual([5, 250]);
  });
});

describe('readTiff', () => {
  it('unpacks what libtiff packs: each method, predictor, strips and tiles', async () => {
    const compression = fc.constantFrom(
      'none' as const,
      'lzw' as const,
      'deflate' as const,
      'packbits' as const,
    );
    const predictor = fc.constantFrom('none' as const, 'horizontal' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          width: fc.integer({ min: 1, max: 90 }),
          height: fc.integer({ min: 1, max: 90 }),
          channels: fc.constantFrom(1 as const, 3 as const),
          seed: fc.nat(1000),
          noise: fc.integer({ min: 0, max: 40 }),
        }),
        compression,
        predictor,
        fc.boolean(),
        async ({ width, height, channels, seed, noise }, packing, prediction, tile) => {
          const pixels = Buffer.from(
            Array.from(
              { length: width * height * channels },
              (_, at) => (at >> 3) + (((at + seed) * 2654435761) >>> 24) * noise,
            ),
          );
          const bytes = await sharp(pixels, { raw: { width, height, channels } })
            .toColourspace(channels === 1 ? 'b-w' : 'srgb')
            .tiff({ compression: packing, predictor: prediction, tile, tileWidth: 32, tileHeight: 16 })
            .toBuffer();
          const judged = judgeTiff(bufferSource(bytes));
          if (judged.kind === 'bad') throw new Error(told(judged.reason));
          expect(judged.isOwn).toBe(true);
          expect(readTiff(bytes, judged.layout, (value) => value).data.equals(pixels)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(['lzw', 'deflate', 'packbits'] as const)(
    'names the damaged tile of a %s TIFF, and never half uses it',
    async (compression) => {
      const bytes = await tiled(compression);
      const judged = judgeTiff(bufferSource(bytes));
      if (judged.kind === 'bad') throw new Error(told(judged.reason));
      const { offsets, lengths } = judged.layout;
      bytes.fill(0, (offsets[5] ?? 0) + 10, (offsets[5] ?? 0) + (lengths[5] ?? 0));
      await expect(colours(bytes)).rejects.toThrow('the TIFF is damaged: strip or tile 6 cannot be unpacked');
    },
  );

  it('proves JPEG tiles, too, which libvips would fill with black', async () => {
    const bytes = await sharp(noisy(), { raw: { width: 96, height: 64, channels: 3 } })
      .tiff({ compression: 'jpeg', tile: true, tileWidth: 32, tileHeight: 32 })
      .toBuffer();
    const judged = judgeTiff(bufferSource(bytes));
    if (judged.kind === 'bad') throw new Error(told(judged.reason));
    expect(judged.isOwn).toBe(false);
    const [, second = 0] = judged.layout.offsets;
    bytes.fill(0, second, second + (judged.layout.lengths[1] ?? 0));
    await expect(colours(bytes)).rejects.toThrow('the TIFF is damaged: strip or tile 2 cannot be unpacked');
  });

  it('says that a TIFF is cut off, and how much is missing', async () => {
    const bytes = oneColour(COLOUR, 2);
    await expect(colours(bytes.subarray(0, bytes.length - 5))).rejects.toThrow(
      'the TIFF is cut off: 1 of its 1 strips or tiles',
    );
    await expect(colours(bytes.subarray(0, 30))).rejects.toThrow('its directory is not whole');
  });

  it('makes nothing of a header that asks for more than its bytes can hold', async () => {
    const bytes = oneColour(COLOUR, 2);
    const side = 9_999;
    for (const [tag, value] of [
      [256, side],
      [257, side],
      [278, side],
      [259, 5],
    ] as const) {
      const at = 10 + 12 * [256, 257, 258, 259, 262, 273, 277, 278].indexOf(tag);
      bytes.writeUInt16LE(value, at + 8);
    }
    const before = process.memoryUsage().arrayBuffers;
    await expect(colours(bytes)).rejects.toThrow('its strips or tiles are too short for its size');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 26);
  });

  it('takes no camera raw file for an image, whatever its name: the first image is a preview', () => {
    const preview = oneColour(COLOUR, 2, { tags: { 254: 1 } });
    expect(told(judgeTiff(bufferSource(preview)))).toEqual({
      kind: 'bad',
      reason: expect.stringMatching(/^its first image is only a small preview of another/) as string,
    });
  });

  it('finds no bytes where a directory points far outside its file', () => {
    const folder = temporaryFolder();
    const big = Buffer.alloc(32, 0xff);
    big.write('II+\0\x08\0\0\0', 'latin1');
    writeFiles(folder, { 'far.tif': big });
    const handle = openSync(join(folder, 'far.tif'), 'r');
    expect(told(judgeTiff(fileSource(handle)))).toMatchObject({
      kind: 'bad',
      reason: expect.stringContaining('not whole') as string,
    });
    closeSync(handle);
  });

  it('never throws anything but a reason on changed bytes', async () => {
    const whole = [oneColour([...COLOUR, 9], 2), await tiled('lzw'), await tiled('deflate')];
    const edits = fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { minLength: 1, maxLength: 5 });
    const target = { height: 8, width: 8, channels: 3, resize: 'stretch' } as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole), edits, async (file, changes) => {
        const bytes = Buffer.from(file);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        await decodePixels(bytes, target).catch((thrown: unknown) => {
          expect(thrown).toMatchObject({ name: 'UnreadableImage' });
        });
      }),
      { numRuns: 150 },
    );
  });

  function noisy(): Buffer {
    return Buffer.from(Array.from({ length: 96 * 64 * 3 }, (_, at) => (at * 2654435761) >>> 24));
  }

  function tiled(compression: 'lzw' | 'deflate' | 'packbits'): Promise<Buffer> {
    return sharp(noisy(), { raw: { width: 96, height: 64, channels: 3 } })
      .tiff({ compression, tile: true, tileWidth: 32, tileHeight: 32 })
      .toBuffer();
  }
});
