import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { directPng } from './directPng.ts';

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
  readonly colourType: 0 | 2 | 3;
  /** Filtered bytes; the filter of each row is taken from `filters`. */
  readonly bytes: Uint8Array;
  readonly filters: readonly number[];
}

const drawings: fc.Arbitrary<Drawing> = fc
  .record({
    width: fc.integer({ min: 1, max: 24 }),
    height: fc.integer({ min: 1, max: 24 }),
    colourType: fc.constantFrom(0 as const, 2 as const, 3 as const),
  })
  .chain((shape) => {
    const length = shape.width * shape.height * (shape.colourType === 2 ? 3 : 1);
    return fc.record({
      width: fc.constant(shape.width),
      height: fc.constant(shape.height),
      colourType: fc.constant(shape.colourType),
      bytes: fc.uint8Array({ minLength: length, maxLength: length }),
      filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: shape.height, maxLength: shape.height }),
    });
  });

/** Any bytes are rows under any filter, so every filter meets every value. */
function encode(
  { width, height, colourType, bytes, filters }: Drawing,
  extra: readonly Buffer[] = [],
): Buffer {
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
    ...extra,
    chunk('IDAT', stream.subarray(0, 7)),
    chunk('IDAT', stream.subarray(7)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('directPng', () => {
  it('gives what libpng gives, for every colour type and filter', async () => {
    await fc.assert(
      fc.asyncProperty(drawings, async (drawing) => {
        const bytes = encode(drawing);
        const direct = directPng(bytes, drawing.width, drawing.height);
        const picture = sharp(bytes).toColourspace(drawing.colourType === 0 ? 'b-w' : 'srgb');
        const expected = await picture.raw().toBuffer();
        expect(Buffer.from(direct?.pixels ?? []).equals(expected)).toBe(true);
        expect(direct?.channels).toBe(drawing.colourType === 0 ? 1 : 3);
      }),
      { numRuns: 150 },
    );
  });

  it('leaves other sizes and everything that needs more to libpng', () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const { width, height } = drawing;
        expect(directPng(encode(drawing), width + 1, height)).toBeNull();
        for (const type of ['tRNS', 'iCCP', 'eXIf', 'gAMA']) {
          expect(directPng(encode(drawing, [chunk(type, Buffer.alloc(2))]), width, height)).toBeNull();
        }
      }),
      { numRuns: 20 },
    );
  });

  it('gives nothing, and does not throw, for damaged files', () => {
    const damage = fc.array(fc.tuple(fc.nat(2000), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(drawings, damage, fc.nat(2000), (drawing, edits, cut) => {
        const bytes = encode(drawing);
        expect(
          directPng(bytes.subarray(0, 33 + (cut % (bytes.length - 40))), drawing.width, drawing.height),
        ).toBeNull();
        // Past the header; a changed byte there breaks a chunk's length, name, data or checksum.
        for (const [at, value] of edits) {
          const place = 33 + (at % (bytes.length - 33));
          bytes[place] = (bytes[place] ?? 0) ^ value;
        }
        directPng(bytes, drawing.width, drawing.height);
      }),
      { numRuns: 500 },
    );
  });
});
