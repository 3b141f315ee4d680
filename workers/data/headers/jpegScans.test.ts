import sharp from 'sharp';
import { told } from '#core/words/testing.ts';
import { describe, expect, it } from 'vitest';
import { viewBytes } from '../format/fileView.ts';
import { judgeContent } from './judgeContent.ts';

const END = Buffer.from([0xff, 0xd9]);
const MISSING = 'the JPEG is not whole: scans that its image needs are missing';

async function jpeg(progressive: boolean): Promise<Buffer> {
  const pixels = Buffer.from(Array.from({ length: 64 * 48 * 3 }, (_, at) => (at * 2654435761) >>> 24));
  return sharp(pixels, { raw: { width: 64, height: 48, channels: 3 } })
    .jpeg({ progressive })
    .toBuffer();
}

async function problemOf(bytes: Buffer): Promise<string | null> {
  const judged = await judgeContent('jpeg', viewBytes(bytes));
  return judged.kind === 'bad' ? told(judged.reason) : null;
}

/** Offsets of the scan headers. */
function scansOf(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf('ffda', 'hex'); at >= 0; at = bytes.indexOf('ffda', at + 2, 'hex'))
    found.push(at);
  return found;
}

/** A frame header of this kind and depth, followed by nothing. */
function frame(marker: number, bits: number): Buffer {
  const length = [0, 17, bits, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
  return Buffer.from([0xff, 0xd8, 0xff, marker, ...length, ...END]);
}

describe('the scans of a JPEG', () => {
  it('are all there in a whole file', async () => {
    expect(await problemOf(await jpeg(true))).toBeNull();
    expect(await problemOf(await jpeg(false))).toBeNull();
  });

  it('are missed wherever a progressive file was cut off and closed again', async () => {
    const bytes = await jpeg(true);
    const scans = scansOf(bytes);
    expect(scans.length).toBeGreaterThan(3);
    for (const at of scans)
      expect(await problemOf(Buffer.concat([bytes.subarray(0, at), END]))).toBe(MISSING);
  });

  it.each([
    [0xc3, 8, 'lossless JPEG is not supported; convert it to PNG'],
    [0xcb, 8, 'lossless JPEG is not supported; convert it to PNG'],
    [0xc5, 8, 'hierarchical JPEG is not supported; convert it to JPEG or PNG'],
    [0xce, 8, 'hierarchical JPEG is not supported; convert it to JPEG or PNG'],
    [0xf7, 8, 'JPEG-LS is not supported; convert it to JPEG or PNG'],
    [0xc1, 12, 'JPEG of 12 bits is not supported; convert it to JPEG of 8 bits or PNG'],
    [0xc2, 12, 'JPEG of 12 bits is not supported; convert it to JPEG of 8 bits or PNG'],
  ])('of kind %i with %i bits are refused by name, not as damage', async (marker, bits, reason) => {
    expect(await problemOf(frame(marker, bits))).toBe(reason);
  });
});
