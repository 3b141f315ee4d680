import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { detectFormat, IMAGE_FORMATS, type ImageFormat } from '../format/imageFormat.ts';
import { uprightSize } from './imageHeader.ts';
import { pngProblem } from './pngHeader.ts';
import { readHeader, readHeaderBySharp } from './readHeader.ts';

const SHARP_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;

async function sample(format: (typeof SHARP_FORMATS)[number], width = 33, height = 21): Promise<Buffer> {
  const create = { width, height, channels: 3, background: '#369' } as const;
  return sharp({ create }).toFormat(format).toBuffer();
}

describe('our header readers', () => {
  it.each(SHARP_FORMATS)('agree with sharp on the size of a %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        async (width, height) => {
          const bytes = await sample(format, width, height);
          expect(detectFormat(bytes)).toBe(format);
          const own = readHeader(format, bytes, true);
          const result = own.kind === 'more' ? await readHeaderBySharp(bytes) : own;
          expect(result).toMatchObject({ kind: 'header', header: { width, height, channels: 3 } });
        },
      ),
      { numRuns: 12 },
    );
  });

  it('agree with sharp on every EXIF orientation', async () => {
    for (const format of ['jpeg', 'png'] as const) {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const image = sharp(await sample(format))
          .toColourspace('b-w')
          .withMetadata({ orientation });
        const bytes = await image.toFormat(format).toBuffer();
        const shown = (await sharp(bytes).metadata()).autoOrient;
        const result = readHeader(format, bytes, true);
        if (result.kind !== 'header') throw new Error(`no header of ${format}`);
        expect(result.header).toMatchObject({ orientation, channels: 3 });
        expect(uprightSize(result.header)).toEqual(shown);
      }
    }
  });

  it.each(['jpeg', 'png'] as const)('tell a grey %s', async (format) => {
    const bytes = await sharp(await sample(format))
      .toColourspace('b-w')
      .toFormat(format)
      .toBuffer();
    expect(readHeader(format, bytes, true)).toMatchObject({ header: { channels: 1 } });
  });

  it('read lossless, lossy and extended WebP', async () => {
    const create = {
      width: 41,
      height: 17,
      channels: 4,
      background: { r: 1, g: 2, b: 3, alpha: 0.5 },
    } as const;
    for (const lossless of [true, false]) {
      const bytes = await sharp({ create }).webp({ lossless }).toBuffer();
      expect(readHeader('webp', bytes, true)).toMatchObject({ header: { width: 41, height: 17 } });
    }
  });

  it('ask for more where a JPEG continues beyond the bytes at hand', async () => {
    const bytes = await sample('jpeg');
    expect(readHeader('jpeg', bytes.subarray(0, 30), false).kind).toBe('more');
    expect(readHeader('jpeg', bytes.subarray(0, 30), true).kind).toBe('bad');
  });

  it('never throw, whatever the bytes', () => {
    const beginnings: Record<ImageFormat, number[]> = {
      jpeg: [0xff, 0xd8, 0xff, 0xe1],
      png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      webp: [...Buffer.from('RIFF\x20\0\0\0WEBPVP8X')],
      gif: [...Buffer.from('GIF89a')],
      bmp: [...Buffer.from('BM')],
      tiff: [0x49, 0x49, 0x2a, 0],
      avif: [...Buffer.from('\0\0\0\x1cftypavif')],
      pnm: [...Buffer.from('P5 3 ')],
      tga: [0, 0, 10, 0, 0, 0, 0, 0, 0],
    };
    const formats = fc.constantFrom(...IMAGE_FORMATS);
    fc.assert(
      fc.property(formats, fc.uint8Array({ maxLength: 200 }), fc.boolean(), (format, rest, complete) => {
        const bytes = Buffer.from([...beginnings[format], ...rest]);
        detectFormat(bytes);
        pngProblem(bytes);
        expect(['header', 'bad', 'more']).toContain(readHeader(format, bytes, complete).kind);
      }),
      { numRuns: 3000 },
    );
  });

  it('never throw on a real file with bytes changed or cut off', async () => {
    const files = await Promise.all(
      (['jpeg', 'png', 'webp', 'gif'] as const).map((format) => sample(format)),
    );
    const changes = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...files), changes, fc.nat(400), (file, edits, length) => {
        const bytes = Buffer.from(file.subarray(0, length));
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        const format = detectFormat(bytes);
        if (format !== null) readHeader(format, bytes, true);
        pngProblem(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});
