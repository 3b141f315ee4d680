import { describe, expect, it } from 'vitest';
import { decodePixels } from './decodePixels.ts';
import { readBmp } from './readBmp.ts';

/** Two rows of three pixels: red, green, blue above black, white, grey. */
const SHOWN = [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 120, 120, 120];
const PALETTE = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [0, 0, 0],
  [255, 255, 255],
  [120, 120, 120],
] as const;

/** Builds a BMP of 3 x 2 from its rows, given top row first. */
function bmp(
  bits: number,
  rows: readonly number[][],
  options: { topDown?: boolean; masks?: number[] } = {},
): Buffer {
  const { topDown = false, masks = [] } = options;
  const palette = bits <= 8 ? PALETTE.map(([red, green, blue]) => [blue, green, red, 0]) : [];
  const extra = Buffer.concat([
    ...masks.map((mask) => Buffer.from(Uint32Array.of(mask).buffer)),
    Buffer.from(palette.flat()),
  ]);
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(54 + extra.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(3, 18);
  header.writeInt32LE(topDown ? -2 : 2, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(masks.length > 0 ? 3 : 0, 30);
  const padded = rows.map((row) =>
    Buffer.concat([Buffer.from(row), Buffer.alloc((4 - (row.length % 4)) % 4)]),
  );
  return Buffer.concat([header, extra, ...(topDown ? padded : padded.toReversed())]);
}

const bgr = (width: number): number[][] =>
  [PALETTE.slice(0, 3), PALETTE.slice(3)].map((row) =>
    row.flatMap(([red, green, blue]) => [blue, green, red, 0].slice(0, width)),
  );

describe('readBmp', () => {
  it.each([
    ['24 bits, bottom-up', bmp(24, bgr(3))],
    ['24 bits, top-down', bmp(24, bgr(3), { topDown: true })],
    ['32 bits', bmp(32, bgr(4))],
    ['32 bits with masks', bmp(32, bgr(4), { masks: [0xff0000, 0xff00, 0xff] })],
    [
      '8 bits',
      bmp(8, [
        [0, 1, 2],
        [3, 4, 5],
      ]),
    ],
    [
      '4 bits',
      bmp(4, [
        [0x01, 0x20],
        [0x34, 0x50],
      ]),
    ],
  ])('reads %s', (_, bytes) => {
    const { width, height, data } = readBmp(bytes);
    expect([width, height, ...data]).toEqual([3, 2, ...SHOWN]);
  });

  it('scales 5 and 6 bit fields to the full range', () => {
    const rows = [
      [0x00, 0xf8, 0xe0, 0x07, 0x1f, 0x00],
      [0, 0, 0xff, 0xff, 0, 0],
    ];
    const { data } = readBmp(bmp(16, rows, { masks: [0xf800, 0x07e0, 0x001f] }));
    expect([...data.subarray(0, 15)]).toEqual(SHOWN.slice(0, 15));
  });

  it('refuses compression and files that are cut off', async () => {
    const compressed = bmp(8, [
      [0, 1, 2],
      [3, 4, 5],
    ]);
    compressed.writeUInt32LE(1, 30);
    const target = { height: 2, width: 3, channels: 3, resize: 'stretch' } as const;
    await expect(decodePixels(compressed, target)).rejects.toThrow('compressed BMP is not supported');
    await expect(decodePixels(bmp(24, bgr(3)).subarray(0, 70), target)).rejects.toThrow(
      'the file is cut off',
    );
    expect([...(await decodePixels(bmp(24, bgr(3)), target))]).toEqual(SHOWN);
  });
});
