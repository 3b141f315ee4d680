import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { must } from '#core/diagnostics/invariantError.ts';
import { RESIZE_POLICIES } from '#core/document/dataSettings.ts';
import { lacksScans } from '../headers/jpegScans.ts';
import { readHeader } from '../headers/readHeader.ts';
import { detectFormat } from '../format/imageFormat.ts';
import { decodeGenerally } from './generalDecoder.ts';
import { imageAddon, type ImageAddon } from './imageAddon.ts';
import { toChannels } from '../pixels/luma.ts';
import { resample } from '../pixels/resample.ts';
import type { DecodeTarget } from '../pixels/target.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly colourType: keyof typeof CHANNELS;
  /** Filtered bytes; the filter of each row is taken from `filters`. */
  readonly bytes: Uint8Array;
  readonly filters: readonly number[];
  readonly clear: boolean;
}

/** Bytes per pixel by PNG colour type: grey, RGB, palette, grey with alpha, RGB with alpha. */
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;
const sides = fc.integer({ min: 1, max: 24 });

const drawings: fc.Arbitrary<Drawing> = fc
  .record({
    width: sides,
    height: sides,
    colourType: fc.constantFrom(0 as const, 2 as const, 3 as const, 4 as const, 6 as const),
  })
  .chain(({ width, height, colourType }) => {
    const length = width * height * CHANNELS[colourType];
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      colourType: fc.constant(colourType),
      bytes: fc.uint8Array({ minLength: length, maxLength: length }),
      filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: height, maxLength: height }),
      clear: fc.boolean(),
    });
  });

/** A tRNS chunk for the colour types that may have one. */
function transparency({ colourType, clear }: Drawing): Buffer[] {
  if (!clear || colourType > 3) return [];
  if (colourType === 3)
    return [chunk('tRNS', Buffer.from(Array.from({ length: 200 }, (_, at) => (at * 31) % 256)))];
  return [chunk('tRNS', Buffer.from([0, 7, 0, 7, 0, 7]).subarray(0, colourType === 0 ? 2 : 6))];
}

/** Any bytes are valid rows under any filter, so every filter is tested with every value. */
function encode(drawing: Drawing, extra: readonly Buffer[] = []): Buffer {
  const { width, height, colourType, bytes, filters } = drawing;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourType], 8);
  const stride = bytes.length / height;
  const rows = filters.flatMap((filter, y) => [filter, ...bytes.subarray(y * stride, (y + 1) * stride)]);
  const stream = deflateSync(Buffer.from(rows));
  const palette = Buffer.from(Array.from({ length: 768 }, (_, at) => (at * 97) % 256));
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    ...(colourType === 3 ? [chunk('PLTE', palette)] : []),
    ...transparency(drawing),
    ...extra,
    chunk('IDAT', stream.subarray(0, 7)),
    chunk('IDAT', stream.subarray(7)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function meanDifference(own: Uint8Array | null, other: Uint8Array): number {
  return other.reduce((sum, value, at) => sum + Math.abs(value - (own?.[at] ?? 999)), 0) / other.length;
}

/**
 * Tolerance between the two decoders for a JPEG decoded at a reduced size, in byte units: their chroma and their last
 * step differ.
 */
const MEAN_DIFFERENCE = { ofAll: 1, worst: 3.5 };

/** A smooth image, `[height, width, 3]`: a shift of half a pixel changes it, the sharpness of a filter does not. */
function smoothImage(width: number, height: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return 128 + 60 * Math.sin(x / 9 + seed + (at % 3)) + 50 * Math.cos(y / 7 + seed);
  });
}

const targets: fc.Arbitrary<DecodeTarget> = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
  channels: fc.constantFrom(1, 3),
  resize: fc.constantFrom(...RESIZE_POLICIES),
  cropFraction: fc.constantFrom(undefined, 0.1, 0.6, 0.9, 1),
});

/**
 * The scan headers of a JPEG: the first frequency, and the number of low bits left to later scans (0x0? in the byte at
 * `bitsAt`).
 */
function scansOf(
  bytes: Buffer,
): { readonly first: number; readonly bits: number; readonly bitsAt: number }[] {
  const scans = [];
  for (let at = bytes.indexOf('ffda', 0, 'hex'); at >= 0; at = bytes.indexOf('ffda', at + 2, 'hex')) {
    const bitsAt = at + 4 + 2 * (bytes[at + 4] ?? 0) + 3;
    scans.push({ first: bytes[bitsAt - 2] ?? 0, bits: bytes[bitsAt] ?? 0, bitsAt });
  }
  return scans;
}

function hasLostScans(bytes: Buffer): boolean {
  if (detectFormat(bytes) !== 'jpeg') return false;
  const header = readHeader('jpeg', bytes, true);
  return header.kind === 'header' && lacksScans(bytes, header.frameAt ?? 0);
}

describe.skipIf(imageAddon() === null)('the direct decoder (skipped where it is not built)', () => {
  const addon = imageAddon() as ImageAddon;

  function direct(bytes: Uint8Array, target: DecodeTarget): Buffer | null {
    const out = Buffer.alloc(target.width * target.height * target.channels);
    return addon.decode({ bytes, target, out }) ? out : null;
  }

  async function general(bytes: Buffer, target: DecodeTarget): Promise<Buffer> {
    const image = await decodeGenerally(bytes, target);
    return Buffer.from(
      toChannels({ channels: image.channels, pixels: resample(image, target) }, target.channels),
    );
  }

  it('gives the very bytes of the general decoder for every kind of plain PNG, filter, size and policy', async () => {
    await fc.assert(
      fc.asyncProperty(drawings, targets, async (drawing, target) => {
        const bytes = encode(drawing, [
          chunk('gAMA', Buffer.from([0, 1, 0, 0])),
          chunk('tEXt', Buffer.from('a\0b')),
        ]);
        expect(direct(bytes, target)?.equals(await general(bytes, target))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves what may have other colours to the general decoder', () => {
    fc.assert(
      fc.property(drawings, targets, (drawing, target) => {
        for (const type of ['iCCP', 'acTL', 'cICP', 'ABCD'])
          expect(direct(encode(drawing, [chunk(type, Buffer.alloc(20))]), target)).toBeNull();
        const profile = chunk('zTXt', Buffer.from('Raw profile type exif\0\0'));
        expect(direct(encode(drawing, [profile]), target)).toBeNull();
      }),
      { numRuns: 20 },
    );
  });

  it('resizes bit for bit as the definition in TypeScript', () => {
    const images = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }), fc.nat(255));
    fc.assert(
      fc.property(images, targets, ([width, height, seed], target) => {
        const channels = target.channels === 1 ? 1 : 3;
        const pixels = Uint8Array.from(
          { length: width * height * channels },
          (_, at) => ((at + seed) * 2654435761) >>> 24,
        );
        const out = new Uint8Array(target.width * target.height * channels);
        const sizes = { width, height, shownWidth: width + (seed % 3), shownHeight: height };
        addon.resize({ pixels, ...sizes, target, out });
        expect(Buffer.from(out).equals(resample({ ...sizes, channels, pixels }, target))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('crops a JPEG at its full size, in every orientation, bit for bit as the general decoder', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.constantFrom(0.5, 0.875, 1), async (shape, cropFraction) => {
        const bytes = await jpegOf({ ...shape, width: shape.width + 60, height: shape.height + 60 });
        const target = { width: 9, height: 13, channels: 3, resize: 'crop', cropFraction } as const;
        expect(direct(bytes, target)?.equals(await general(bytes, target))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  const shapes = fc.record({
    width: fc.integer({ min: 1, max: 120 }),
    height: fc.integer({ min: 1, max: 120 }),
    progressive: fc.boolean(),
    chromaSubsampling: fc.constantFrom('4:4:4', '4:2:0'),
    orientation: fc.integer({ min: 1, max: 8 }),
    grey: fc.boolean(),
    seed: fc.nat(1000),
  });

  async function jpegOf({ width, height, seed, grey, orientation, ...options }: Shape): Promise<Buffer> {
    const pixels = smoothImage(width, height, seed);
    const picture = sharp(pixels, { raw: { width, height, channels: 3 } });
    const bytes = await (grey ? picture.toColourspace('b-w') : picture).jpeg(options).toBuffer();
    const exif = Buffer.from(
      'ffe100224578696600004d4d002a00000008000101120003000000010000000000000000',
      'hex',
    );
    exif[29] = orientation;
    return Buffer.concat([bytes.subarray(0, 2), exif, bytes.subarray(2)]);
  }
  type Shape = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

  it('gives the very bytes of the general decoder for a JPEG at its full size, in every orientation', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, targets, async (shape, { channels }) => {
        const bytes = await jpegOf(shape);
        const target = { width: shape.height, height: shape.width, channels, resize: 'stretch' } as const;
        expect(direct(bytes, target)?.equals(await general(bytes, target))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('differs by little from the general decoder where a JPEG is decoded smaller', async () => {
    const scaled = shapes.map((shape) => ({
      ...shape,
      width: shape.width + 120,
      height: shape.height + 120,
      seed: 40,
    }));
    const differences: number[] = [];
    await fc.assert(
      fc.asyncProperty(scaled, fc.constantFrom(...RESIZE_POLICIES), async (shape, resize) => {
        const bytes = await jpegOf(shape);
        const target = { width: 30, height: 30, channels: 3, resize } as const;
        const [own, other] = [direct(bytes, target), await general(bytes, target)];
        const difference = meanDifference(own, other);
        expect(difference).toBeLessThan(MEAN_DIFFERENCE.worst);
        differences.push(difference);
      }),
      { numRuns: 60 },
    );
    const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
    expect(mean).toBeLessThan(MEAN_DIFFERENCE.ofAll);
  });

  /**
   * sharp scales both axes by one factor; our decoder rounds each axis to whole pixels. They are at most half a pixel
   * apart at an edge, and a quarter on average. An image shifted by one pixel differs by 16 (the mean slope of
   * `smoothImage`, 60/9 * 2/pi, at a quarter of its size).
   */
  const HALF_A_PIXEL = 5;

  it.each(['stretch', 'fit', 'cover'] as const)(
    'lays an image where sharp would, under %s',
    async (resize) => {
      const fit = ({ stretch: 'fill', fit: 'contain', cover: 'cover' } as const)[resize];
      const sizes = fc.tuple(
        fc.integer({ min: 70, max: 200 }),
        fc.integer({ min: 70, max: 200 }),
        fc.nat(50),
      );
      await fc.assert(
        fc.asyncProperty(sizes, fc.constantFrom(37, 48, 64), async ([width, height, seed], side) => {
          const picture = sharp(smoothImage(width, height, seed), { raw: { width, height, channels: 3 } });
          const target = { width: side, height: 50, channels: 3, resize };
          const own = direct(await picture.clone().png().toBuffer(), target);
          const options = { fit, kernel: 'linear', background: '#000' } as const;
          const other = await picture.resize(side, 50, options).raw().toBuffer();
          expect(meanDifference(own, other)).toBeLessThan(HALF_A_PIXEL);
        }),
        { numRuns: 25 },
      );
    },
  );

  it('refuses or decodes damaged files, never more leniently than the general decoder', async () => {
    const jpegs = await Promise.all(
      [false, true].map((progressive) =>
        jpegOf({
          width: 40,
          height: 30,
          progressive,
          chromaSubsampling: '4:2:0',
          orientation: 6,
          grey: false,
          seed: 77,
        }),
      ),
    );
    const edits = fc.array(fc.tuple(fc.nat(4000), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    const files = fc.oneof(
      drawings.map((drawing) => encode(drawing)),
      fc.constantFrom(...jpegs),
    );
    await fc.assert(
      fc.asyncProperty(files, edits, fc.nat(4000), fc.boolean(), async (file, changes, cut, isCut) => {
        const bytes = Buffer.from(isCut ? file.subarray(0, 8 + (cut % file.length)) : file);
        for (const [at, value] of changes)
          bytes[20 + (at % bytes.length)] = (bytes[20 + (at % bytes.length)] ?? 0) ^ value;
        const target = { width: 16, height: 16, channels: 3, resize: 'stretch' } as const;
        const pixels = direct(bytes, target);
        // Missing scans are found before either decoder is called; the direct one would decode the scans that are
        // there.
        if (pixels !== null && !hasLostScans(bytes)) await general(bytes, target);
      }),
      { numRuns: 400 },
    );
  });

  it('leaves a progressive file whose scans do not follow each other to the general decoder', async () => {
    const shape = { width: 40, height: 30, orientation: 1, grey: false, seed: 3 } as const;
    const bytes = await jpegOf({ ...shape, progressive: true, chromaSubsampling: '4:4:4' });
    const target = { width: 16, height: 16, channels: 3, resize: 'stretch' } as const;
    expect(direct(bytes, target)).not.toBeNull();
    // The first AC scan leaves some bits to later scans; now it leaves one more than they provide.
    const scan = scansOf(bytes).find(({ first, bits }) => first > 0 && bits > 0 && bits < 4);
    const at = must(scan, 'scan').bitsAt;
    bytes[at] = must(bytes[at], 'bits') + 1;
    expect(direct(bytes, target)).toBeNull();
  });

  it('refuses arrays that do not fit', () => {
    const target = { width: 16, height: 16, channels: 3, resize: 'stretch' } as const;
    const bytes = Buffer.alloc(100);
    expect(() => addon.decode({ bytes, target, out: new Uint8Array(767) })).toThrow('out is too short');
    expect(() =>
      addon.decode({ bytes, target: { ...target, channels: 2 }, out: new Uint8Array(900) }),
    ).toThrow('1 or 3');
    expect(() =>
      addon.decode({ bytes, target: { ...target, width: 2 ** 40 }, out: new Uint8Array(900) }),
    ).toThrow('impossible size');
    expect(() =>
      addon.decode({
        bytes,
        target: { ...target, resize: 'crop', cropFraction: 1.5 },
        out: new Uint8Array(768),
      }),
    ).toThrow('cropFraction must be from 0.1 to 1');
    const pixels = new Uint8Array(11);
    expect(() =>
      addon.resize({
        pixels,
        width: 2,
        height: 2,
        shownWidth: 2,
        shownHeight: 2,
        target,
        out: new Uint8Array(768),
      }),
    ).toThrow('pixels is too short');
  });
});
