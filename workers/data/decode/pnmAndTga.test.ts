import { describe, expect, it } from 'vitest';
import { fileKind } from '../format/imageFormat.ts';
import { readHeader } from '../headers/readHeader.ts';
import { decodePixels } from './decodePixels.ts';

/** Three pixels by two. */
const TARGET = { height: 2, width: 3, channels: 3, resize: 'stretch' } as const;
/** Red, green, blue above black, white, grey. */
const SHOWN = [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 120, 120, 120];
const GREY = [0, 51, 102, 153, 204, 255];
const asRgb = (grey: readonly number[]): number[] => grey.flatMap((value) => [value, value, value]);

async function shown(bytes: Buffer): Promise<number[]> {
  return [...(await decodePixels(bytes, TARGET))];
}

function pnm(header: string, bytes: readonly number[] = []): Buffer {
  return Buffer.concat([Buffer.from(header, 'latin1'), Buffer.from(bytes)]);
}

describe('PNM', () => {
  it.each([
    ['P6', pnm('P6 3 2 255\n', SHOWN), SHOWN],
    ['P6 with comments', pnm('P6\n# made by hand\n3 # across\n2\n255\n', SHOWN), SHOWN],
    ['P3', pnm(`P3\n3 2\n255\n${SHOWN.join(' ')}\n`), SHOWN],
    ['P5', pnm('P5\n3 2\n255\n', GREY), asRgb(GREY)],
    ['P5 of 5 levels', pnm('P5\n3 2\n5\n', [0, 1, 2, 3, 4, 5]), asRgb(GREY)],
    [
      'P5 of 16 bits',
      pnm(
        'P5\n3 2\n65535\n',
        GREY.flatMap((value) => [value, 7]),
      ),
      asRgb(GREY),
    ],
    ['P2', pnm('P2 3 2 5 0 1 2 3 4 5'), asRgb(GREY)],
    ['P4', pnm('P4 3 2\n', [0b01000000, 0b10100000]), asRgb([255, 0, 255, 0, 255, 0])],
    ['P1', pnm('P1 3 2\n010\n# second row\n1 0 1'), asRgb([255, 0, 255, 0, 255, 0])],
  ])('%s is read', async (_, bytes, wanted) => {
    expect(fileKind(bytes, 'x.pnm')).toEqual({ kind: 'image', format: 'pnm' });
    expect(await shown(bytes)).toEqual(wanted);
  });

  it.each([
    ['cut off', pnm('P6 3 2 255\n', SHOWN.slice(0, 17)), 'the file is cut off'],
    ['text cut off', pnm('P2 3 2 255 1 2 3 4 55'), 'the file is cut off'],
    ['no numbers', pnm('P2 3 2 255 1 2 x 4 5 6 7'), 'the PNM is damaged: a number is missing'],
    ['a level too many', pnm('P5 3 2 70000\n', GREY), 'the header of the PNM is damaged'],
    ['a huge header', pnm('P6 60000 60000 255\n'), '3600 megapixels, more than the limit of 100'],
    ['nothing of it', pnm('P6 0 2 255\n'), 'its header says 0 x 2 pixels'],
  ])('is refused with the reason: %s', async (_, bytes, reason) => {
    await expect(shown(bytes)).rejects.toThrow(reason);
  });
});

interface TgaParts {
  readonly type: number;
  readonly bits: number;
  readonly flags: number;
  readonly data: readonly number[];
  readonly palette?: readonly number[];
}

function tga({ type, bits, flags, data, palette = [] }: TgaParts): Buffer {
  const header = Buffer.alloc(18);
  header[1] = palette.length > 0 ? 1 : 0;
  header[2] = type;
  header.writeUInt16LE(palette.length / 3, 5);
  header[7] = palette.length > 0 ? 24 : 0;
  header.writeUInt16LE(3, 12);
  header.writeUInt16LE(2, 14);
  header[16] = bits;
  header[17] = flags;
  return Buffer.concat([header, Buffer.from(palette), Buffer.from(data)]);
}

const TOP_DOWN = 32;
const RIGHT_TO_LEFT = 16;
/** The pixels in display order as blue, green, red. */
const BGR = [0, 1, 2, 3, 4, 5].map((pixel) => SHOWN.slice(pixel * 3, pixel * 3 + 3).toReversed());

describe('TGA', () => {
  const bottomUp = [...BGR.slice(3), ...BGR.slice(0, 3)];
  const mirrored = [2, 1, 0, 5, 4, 3].map((pixel) => BGR[pixel] ?? []);
  it.each([
    ['24 bits, rows from below', tga({ type: 2, bits: 24, flags: 0, data: bottomUp.flat() }), SHOWN],
    ['24 bits, rows from above', tga({ type: 2, bits: 24, flags: TOP_DOWN, data: BGR.flat() }), SHOWN],
    [
      'from the right',
      tga({ type: 2, bits: 24, flags: TOP_DOWN | RIGHT_TO_LEFT, data: mirrored.flat() }),
      SHOWN,
    ],
    [
      '32 bits, padded',
      tga({ type: 2, bits: 32, flags: TOP_DOWN, data: BGR.flatMap((each) => [...each, 0]) }),
      SHOWN,
    ],
    [
      '32 bits, transparency that hides everything counts for none',
      tga({ type: 2, bits: 32, flags: TOP_DOWN | 8, data: BGR.flatMap((each) => [...each, 0]) }),
      SHOWN,
    ],
    [
      '32 bits, transparent over black',
      tga({
        type: 2,
        bits: 32,
        flags: TOP_DOWN | 8,
        data: BGR.flatMap((each, at) => [...each, at === 4 ? 0 : 255]),
      }),
      [...SHOWN.slice(0, 12), 0, 0, 0, ...SHOWN.slice(15)],
    ],
    ['grey', tga({ type: 3, bits: 8, flags: TOP_DOWN, data: GREY }), asRgb(GREY)],
    [
      'palette',
      tga({ type: 1, bits: 8, flags: TOP_DOWN, palette: BGR.flat(), data: [0, 1, 2, 3, 4, 5] }),
      SHOWN,
    ],
    [
      'packed, a run over the end of a row',
      tga({ type: 11, bits: 8, flags: TOP_DOWN, data: [0, 9, 131, 50, 0, 7] }),
      asRgb([9, 50, 50, 50, 50, 7]),
    ],
    ['packed colours', tga({ type: 10, bits: 24, flags: TOP_DOWN, data: [5, ...BGR.flat()] }), SHOWN],
  ])('%s is read', async (_, bytes, wanted) => {
    expect(fileKind(bytes, 'x.tga')).toEqual({ kind: 'image', format: 'tga' });
    expect(await shown(bytes)).toEqual(wanted);
  });

  it.each([
    ['cut off', tga({ type: 2, bits: 24, flags: 0, data: BGR.flat().slice(0, 17) }), 'the file is cut off'],
    ['packed and cut off', tga({ type: 10, bits: 24, flags: 0, data: [4, 1, 2, 3] }), 'the file is cut off'],
    [
      'outside its palette',
      tga({ type: 1, bits: 8, flags: 0, palette: [1, 2, 3], data: [0, 0, 0, 0, 0, 1] }),
      'a colour lies outside its palette',
    ],
  ])('is refused with the reason: %s', async (_, bytes, reason) => {
    await expect(shown(bytes)).rejects.toThrow(reason);
  });

  it('is judged by its size before anything is made', () => {
    const bytes = tga({ type: 10, bits: 32, flags: 0, data: [255, 0, 0, 0, 0] });
    bytes.writeUInt16LE(65_535, 12);
    bytes.writeUInt16LE(65_535, 14);
    expect(readHeader('tga', bytes, true)).toMatchObject({
      header: { width: 65_535 },
      leastBytes: expect.any(Number),
    });
    return expect(shown(bytes)).rejects.toThrow('more than the limit of 100');
  });
});
