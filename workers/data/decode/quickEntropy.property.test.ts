import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describeShared } from '../testing/sharedData.ts';
import { imageAddon, type ImageAddon } from './imageAddon.ts';
import type { DecodeTarget } from '../pixels/target.ts';

const addon = imageAddon();

/** The output of one Huffman decoder for a file: its pixels, or null when it leaves the file to the general decoder. */
function decoded(bytes: Uint8Array, target: DecodeTarget, quickEntropy: boolean): Buffer | null {
  const out = Buffer.alloc(target.width * target.height * target.channels);
  return (addon as ImageAddon).decode({ bytes, target, out, quickEntropy }) ? out : null;
}

/** Compares the two decoders; returns whether the file was decoded. */
function agree(bytes: Uint8Array, target: DecodeTarget): boolean {
  const [quick, plain] = [decoded(bytes, target, true), decoded(bytes, target, false)];
  if (plain === null || quick === null) expect(quick).toBe(plain);
  else expect(quick.equals(plain)).toBe(true);
  return plain !== null;
}

const targets: fc.Arbitrary<DecodeTarget> = fc.record({
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 90 }),
  channels: fc.constantFrom(1, 3),
  resize: fc.constant('stretch' as const),
});

const drawings = fc.record({
  width: fc.integer({ min: 1, max: 150 }),
  height: fc.integer({ min: 1, max: 150 }),
  /** From uniform colour to noise: from blocks that end at once to blocks without an end-of-block code. */
  noise: fc.constantFrom(0, 3, 40, 255),
  seed: fc.nat(),
  grey: fc.boolean(),
});
const encodings = fc.record({
  quality: fc.integer({ min: 1, max: 100 }),
  progressive: fc.boolean(),
  chromaSubsampling: fc.constantFrom('4:4:4', '4:2:0'),
  optimiseCoding: fc.boolean(),
  optimiseScans: fc.boolean(),
  trellisQuantisation: fc.boolean(),
});
type Drawing = typeof drawings extends fc.Arbitrary<infer D> ? D : never;
type Encoding = typeof encodings extends fc.Arbitrary<infer E> ? E : never;

function encode({ width, height, noise, seed, grey }: Drawing, encoding: Encoding): Promise<Buffer> {
  let random = seed;
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const x = Math.floor(at / 3) % width;
    return x + (at % 3) * 20 + (((random >>> 24) * noise) >> 8);
  });
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  return (grey ? image.toColourspace('b-w') : image).jpeg(encoding).toBuffer();
}

/** The bytes before the first scan, and each scan with the tables before it. */
function splitScans(file: Buffer): { head: Buffer; scans: Buffer[] } {
  const scans: Buffer[] = [];
  let headEnd: number | null = null;
  let from: number | null = null;
  for (let at = 2; file[at + 1] !== 0xd9;) {
    const marker = file[at + 1];
    if (marker === 0xc4 || marker === 0xda) from ??= at;
    at += 2 + file.readUInt16BE(at + 2);
    if (marker !== 0xda || from === null) continue;
    at = endOfScan(file, at);
    headEnd ??= from;
    scans.push(file.subarray(from, at));
    from = null;
  }
  return { head: file.subarray(0, headEnd ?? 0), scans };
}

function endOfScan(file: Buffer, from: number): number {
  let at = from;
  while (file[at] !== 0xff || file[at + 1] === 0) at += 1;
  return at;
}

describe.skipIf(addon === null)('the quick Huffman decoder (skipped where the addon is not built)', () => {
  it('agrees with the JPEG library that is loaded', () => {
    expect(addon?.hasQuickEntropy()).toBe(true);
  });

  it('gives the very bytes of the library for every kind of JPEG', async () => {
    await fc.assert(
      fc.asyncProperty(drawings, encodings, targets, async (drawing, encoding, target) => {
        expect(agree(await encode(drawing, encoding), target)).toBe(true);
      }),
      { numRuns: 250 },
    );
  });

  it('refuses what the library refuses, and gives its bytes, when the data is damaged', async () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    const seen = { decoded: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(drawings, encodings, changes, fc.nat(), async (drawing, encoding, edits, cut) => {
        const whole = await encode(drawing, encoding);
        const from = whole.indexOf(Buffer.from([0xff, 0xda]));
        const end = cut % 4 === 0 ? from + (cut % (whole.length - from)) : whole.length;
        const bytes = Buffer.from(whole.subarray(0, end));
        for (const [place, flip] of edits) {
          const at = from + (place % (whole.length - from));
          if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ flip;
        }
        const isDecoded = agree(bytes, { width: 40, height: 40, channels: 3, resize: 'stretch' });
        seen[isDecoded ? 'decoded' : 'refused']++;
      }),
      { numRuns: 400 },
    );
    // Damage that no decoder can detect changes only pixels: both kinds must have occurred.
    expect(Math.min(seen.decoded, seen.refused)).toBeGreaterThan(20);
  });

  it('gives the bytes of the library when scans are left out or come again', async () => {
    const seen = { decoded: 0, refused: 0 };
    const edits = fc.array(fc.record({ isLeftOut: fc.boolean(), scan: fc.nat(), place: fc.nat() }), {
      minLength: 1,
      maxLength: 2,
    });
    await fc.assert(
      fc.asyncProperty(drawings, encodings, edits, async (drawing, encoding, changes) => {
        const { head, scans } = splitScans(await encode(drawing, { ...encoding, progressive: true }));
        const order = [...scans];
        for (const { isLeftOut, scan, place } of changes) {
          if (isLeftOut) order.splice(place % order.length, 1);
          else order.splice(place % (order.length + 1), 0, ...scans.slice(scan % scans.length).slice(0, 1));
        }
        const bytes = Buffer.concat([head, ...order, Buffer.from([0xff, 0xd9])]);
        const isDecoded = agree(bytes, { width: 40, height: 40, channels: 3, resize: 'stretch' });
        seen[isDecoded ? 'decoded' : 'refused']++;
      }),
      { numRuns: 400 },
    );
    expect(seen.decoded).toBeGreaterThan(100);
  });

  it('leaves a file to the library when its scans are not what an encoder writes', async () => {
    const drawing = { width: 64, height: 48, noise: 40, seed: 1, grey: false } as const;
    const encoding = {
      quality: 80,
      chromaSubsampling: '4:4:4',
      optimiseCoding: true,
      optimiseScans: false,
    } as const;
    const bytes = await encode(drawing, { ...encoding, progressive: false, trellisQuantisation: false });
    const scan = bytes.subarray(bytes.indexOf(Buffer.from([0xff, 0xda])), -2);
    const head = bytes.subarray(0, -2);
    const target = { width: 64, height: 48, channels: 3, resize: 'stretch' } as const;
    const endOfImage = Buffer.from([0xff, 0xd9]);
    // The same scan twice; bytes between the scan and the end; fill bytes before a marker; no end marker.
    for (const tail of [
      Buffer.concat([scan, endOfImage]),
      Buffer.from([1, 2, 3, 0xff, 0xd9]),
      Buffer.from([0xff, 0xff, 0xff, 0xd9]),
      Buffer.alloc(0),
    ])
      agree(Buffer.concat([head, tail]), target);
  });
});

describeShared('photos-mini', 'the quick Huffman decoder on photos-mini', (folder) => {
  it.skipIf(addon === null)('gives the bytes of the library at every scale', { timeout: 60_000 }, () => {
    const files = readdirSync(folder(), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.jpg'),
    );
    expect(files.length).toBeGreaterThan(80);
    for (const file of files)
      for (const side of [224, 20])
        agree(readFileSync(join(folder(), file)), {
          width: side,
          height: side,
          channels: 3,
          resize: 'stretch',
        });
  });
});
