import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { RESIZE_POLICIES } from '#core/document/dataSettings.ts';
import { decodePixels } from './decodePixels.ts';
import { lumaOf } from '../pixels/luma.ts';
import type { DecodeTarget } from '../pixels/target.ts';

const square: DecodeTarget = { height: 16, width: 16, channels: 3, resize: 'stretch' };

/** Random-looking `[height, width, channels]` bytes. */
function noise(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => (at * 2654435761) >>> 24));
}

function png(pixels: Buffer, width: number, height: number, channels: 1 | 2 | 3 | 4): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels } }).png().toBuffer();
}

/** The colour of the pixel at (x, y) of `[16, 16, 3]`. */
function pixelAt(pixels: Uint8Array, x: number, y: number): number[] {
  return [...pixels.subarray((y * 16 + x) * 3, (y * 16 + x) * 3 + 3)];
}

describe('decoding to the size an image has already', () => {
  it.each(['stretch', 'fit', 'cover'] as const)('gives its very bytes under %s', async (resize) => {
    const colour = noise(16 * 16 * 3);
    const bytes = await png(colour, 16, 16, 3);
    expect(Buffer.from(await decodePixels(bytes, { ...square, resize })).equals(colour)).toBe(true);
  });

  it('resizes it before the crop, unless all of it is kept', async () => {
    const colour = noise(16 * 16 * 3);
    const bytes = await png(colour, 16, 16, 3);
    const cropped = (cropFraction: number): Promise<Uint8Array> =>
      decodePixels(bytes, { ...square, resize: 'crop', cropFraction });
    expect(Buffer.from(await cropped(1)).equals(colour)).toBe(true);
    expect(Buffer.from(await cropped(0.5)).equals(colour)).toBe(false);
    expect(await decodePixels(bytes, { ...square, resize: 'crop' })).toEqual(await cropped(0.875));
  });

  it('gives grey bytes as they are, and repeats them for three channels', async () => {
    const grey = noise(256);
    const bytes = await sharp(grey, { raw: { width: 16, height: 16, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect(Buffer.from(await decodePixels(bytes, { ...square, channels: 1 })).equals(grey)).toBe(true);
    const repeated = Buffer.from([...grey].flatMap((value) => [value, value, value]));
    expect(Buffer.from(await decodePixels(bytes, square)).equals(repeated)).toBe(true);
  });

  it('takes grey of colour by BT.601 luma', async () => {
    const colour = noise(16 * 16 * 3);
    const grey = await decodePixels(await png(colour, 16, 16, 3), { ...square, channels: 1 });
    grey.forEach((value, at) => {
      const [red = 0, green = 0, blue = 0] = colour.subarray(at * 3, at * 3 + 3);
      expect(Math.abs(value - (0.299 * red + 0.587 * green + 0.114 * blue))).toBeLessThanOrEqual(0.51);
    });
    expect([...lumaOf(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255))]).toEqual([
      76, 150, 29, 255,
    ]);
  });

  it('lays transparency over black', async () => {
    const clear = Buffer.alloc(16 * 16 * 4, 200);
    clear[3] = 0;
    clear[7] = 128;
    clear[11] = 255;
    const pixels = await decodePixels(await png(clear, 16, 16, 4), square);
    expect(pixelAt(pixels, 0, 0)).toEqual([0, 0, 0]);
    expect(Math.abs((pixels[3] ?? 0) - 100)).toBeLessThanOrEqual(1);
    expect(pixelAt(pixels, 2, 0)).toEqual([200, 200, 200]);
  });

  it('reduces 16 bits to the high byte', async () => {
    const deep = new Uint16Array(16 * 16 * 3).map((_, at) => (at * 85) & 0xffff);
    const raw = { width: 16, height: 16, channels: 3 } as const;
    const bytes = await sharp(deep, { raw }).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    const pixels = await decodePixels(bytes, square);
    pixels.forEach((value, at) => expect(Math.abs(value - (deep[at] ?? 0) / 256)).toBeLessThanOrEqual(1));
  });

  it('takes the first frame of an animation', async () => {
    const frames = ['#f00', '#0f0'].map((background) =>
      sharp({ create: { width: 16, height: 16, channels: 3, background } })
        .png()
        .toBuffer(),
    );
    const bytes = await sharp(await Promise.all(frames), { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    expect(pixelAt(await decodePixels(bytes, square), 8, 8)).toEqual([255, 0, 0]);
  });
});

describe('the resize policies', () => {
  /** Red left third, green middle, blue right, 48 x 16. */
  const wide = async (): Promise<Buffer> => {
    const rows = Array.from({ length: 16 * 48 }, (_, at) => Math.floor((at % 48) / 16));
    return png(
      Buffer.from(rows.flatMap((third) => [0, 1, 2].map((channel) => (channel === third ? 255 : 0)))),
      48,
      16,
      3,
    );
  };

  it('stretch ignores the aspect', async () => {
    const pixels = await decodePixels(await wide(), square);
    expect([pixelAt(pixels, 0, 0), pixelAt(pixels, 15, 15)]).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
  });

  it('fit shows all, centred on black', async () => {
    const pixels = await decodePixels(await wide(), { ...square, resize: 'fit' });
    expect(pixelAt(pixels, 8, 1)).toEqual([0, 0, 0]);
    expect(pixelAt(pixels, 8, 14)).toEqual([0, 0, 0]);
    expect([pixelAt(pixels, 0, 8), pixelAt(pixels, 15, 8)]).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
  });

  it('cover crops the centre', async () => {
    const pixels = await decodePixels(await wide(), { ...square, resize: 'cover' });
    for (const x of [0, 8, 15]) expect(pixelAt(pixels, x, 8)).toEqual([0, 255, 0]);
  });

  it('crop keeps the centre of the resized image', async () => {
    // 48 x 16 becomes 96 x 32; the middle 16 x 16 are green alone.
    const target = { ...square, resize: 'crop', cropFraction: 0.5 } as const;
    const pixels = await decodePixels(await wide(), target);
    for (let at = 0; at < 256; at += 1) expect(pixelAt(pixels, at % 16, at >> 4)).toEqual([0, 255, 0]);
    // All of the height is kept, and the same pixels as a larger cover would have in its middle.
    const cover = await decodePixels(await wide(), { ...square, height: 32, width: 32, resize: 'cover' });
    const middle = Array.from({ length: 16 }, (_, row) =>
      cover.subarray(((row + 8) * 32 + 8) * 3, ((row + 8) * 32 + 24) * 3),
    );
    expect(Buffer.concat(middle).equals(pixels)).toBe(true);
  });

  it('average over the source area when shrinking', async () => {
    const board = Buffer.from(
      Array.from({ length: 64 * 64 }, (_, at) => (((at % 64) + Math.floor(at / 64)) % 2) * 255),
    );
    const bytes = await png(Buffer.from([...board].flatMap((value) => [value, value, value])), 64, 64, 3);
    const pixels = await decodePixels(bytes, square);
    pixels.forEach((value) => expect(Math.abs(value - 127.5)).toBeLessThan(4));
  });

  it.each(RESIZE_POLICIES)('survive extreme shapes under %s', async (resize) => {
    for (const [width, height] of [
      [1, 1],
      [9000, 1],
      [1, 9000],
    ] as const) {
      const create = { width, height, channels: 3, background: '#963' } as const;
      const pixels = await decodePixels(await sharp({ create }).png().toBuffer(), { ...square, resize });
      expect(pixels).toHaveLength(768);
      // `fit` leaves a border of one pixel on one side of the centre.
      const centre = [7, 8].flatMap((x) => [7, 8].map((y) => pixelAt(pixels, x, y)));
      expect(centre).toContainEqual([0x99, 0x66, 0x33]);
    }
  });
});

describe('EXIF orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%i is undone', async (orientation) => {
    // Each corner of the upright image has its own grey level, so that every rotation and reflection is visible.
    const upright = Buffer.from([10, 10, 10, 90, 90, 90, 170, 170, 170, 250, 250, 250]);
    const stored = await store(upright, orientation);
    const bytes = await sharp(stored, { raw: { width: 2, height: 2, channels: 3 } })
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    const pixels = await decodePixels(bytes, { ...square, width: 2, height: 2 });
    expect(Buffer.from(pixels).equals(upright)).toBe(true);
  });

  /** The stored image that `orientation` transforms into the upright image. */
  async function store(upright: Buffer, orientation: number): Promise<Buffer> {
    const image = sharp(upright, { raw: { width: 2, height: 2, channels: 3 } });
    const turned = {
      1: image,
      2: image.clone().flop(),
      3: image.clone().rotate(180),
      4: image.clone().flip(),
    };
    const quarter = (angle: number): Promise<Buffer> => image.clone().rotate(angle).raw().toBuffer();
    const again = (bytes: Buffer): typeof image =>
      sharp(bytes, { raw: { width: 2, height: 2, channels: 3 } });
    if (orientation === 5)
      return again(await quarter(270))
        .flip()
        .raw()
        .toBuffer();
    if (orientation === 6) return quarter(270);
    if (orientation === 7)
      return again(await quarter(90))
        .flip()
        .raw()
        .toBuffer();
    if (orientation === 8) return quarter(90);
    return turned[orientation as 1 | 2 | 3 | 4].raw().toBuffer();
  }
});

describe('what cannot be decoded', () => {
  it.each([
    ['an empty file', () => Promise.resolve(Buffer.alloc(0)), 'the file is empty'],
    ['text', () => Promise.resolve(Buffer.from('hello')), 'it holds text, not an image'],
    [
      'a cut-off JPEG',
      async () => (await jpeg()).subarray(0, 500),
      'the JPEG is cut off: its end is missing',
    ],
    ['a JPEG whose data ends early', async () => withoutMiddle(await jpeg()), 'the file is cut off'],
    ['a bomb', bomb, 'its header says 30000 x 30000 = 900 megapixels, more than the limit of 100'],
  ])('gives a reason: %s', async (_, make, reason) => {
    await expect(decodePixels(await make(), square)).rejects.toThrow(reason);
  });

  async function jpeg(): Promise<Buffer> {
    return sharp(noise(64 * 64 * 3), { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
  }

  function withoutMiddle(bytes: Buffer): Buffer {
    return Buffer.concat([bytes.subarray(0, bytes.length - 2000), bytes.subarray(-2)]);
  }

  it('but a JPEG with bytes after its end is used', async () => {
    const bytes = await jpeg();
    const longer = Buffer.concat([bytes, Buffer.alloc(100, 0x33)]);
    expect(await decodePixels(longer, square)).toEqual(await decodePixels(bytes, square));
  });

  async function bomb(): Promise<Buffer> {
    const bytes = await png(noise(768), 16, 16, 3);
    bytes.writeUInt32BE(30_000, 16);
    bytes.writeUInt32BE(30_000, 20);
    return bytes;
  }
});
