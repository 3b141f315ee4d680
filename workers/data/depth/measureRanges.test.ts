import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { told } from '#core/words/testing.ts';
import { lookAtPixels } from '../scan/lookAtPixels.ts';
import { openImageSet } from '../imageSet/openImageSet.ts';
import { scanFolder, type FolderScan } from '../scan/scanFolder.ts';
import { temporaryFolder, writeFiles } from '../testing/imageFolder.ts';
import { tiffFile } from '../testing/tiffFile.ts';
import { isFaint, rangeOf } from './rangeOf.ts';

const SIDE = 16;
const TARGET = { height: SIDE, width: SIDE, channels: 1, resize: 'stretch' } as const;

/** Left half dark, right half bright, with a little noise from `seed`. */
function halves(seed: number, dark: number, bright: number): number[] {
  return Array.from(
    { length: SIDE * SIDE },
    (_, at) => (at % SIDE < SIDE / 2 ? dark : bright) + ((at * seed) % 7),
  );
}

function tiff(values: Uint16Array | Int16Array | Float32Array, sampleFormat: number): Buffer {
  return tiffFile({ width: SIDE, height: SIDE, samples: 1, values, photometric: 1, sampleFormat });
}

async function png16(values: readonly number[]): Promise<Buffer> {
  return sharp(Uint16Array.from(values), { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();
}

async function scanOf(make: (seed: number) => Buffer | Promise<Buffer>, ending: string): Promise<FolderScan> {
  const folder = temporaryFolder();
  for (let number = 0; number < 12; number++)
    for (const name of ['a', 'b'])
      writeFiles(folder, {
        [`${name}/${number}.${ending}`]: await make(number * 2 + (name === 'a' ? 1 : 2)),
      });
  return scanFolder(folder);
}

/** Mean of the dark and the bright half over all images, decoded as in a run. */
async function contrastOf(
  scan: FolderScan,
  look: Awaited<ReturnType<typeof lookAtPixels>>,
): Promise<number[]> {
  const set = await openImageSet({
    scan,
    indices: Uint32Array.from(scan.images.keys()),
    target: { ...TARGET, ranges: look.ranges },
    cacheFolder: temporaryFolder(),
    decoders: 1,
  });
  expect(told(set.skipped)).toEqual([]);
  const { images } = await set.read(Uint32Array.from(scan.images.keys()));
  await set.close();
  const meanOf = (isDark: boolean): number => {
    const half = [...images].filter((_, at) => at % SIDE < SIDE / 2 === isDark);
    return half.reduce((sum, value) => sum + value, 0) / half.length;
  };
  return [meanOf(true), meanOf(false)];
}

describe('images of more than 8 bits', () => {
  it.each([
    ['16-bit PNG', 'png', (seed: number) => png16(halves(seed, 20, 200)), '24 16-bit images use little'],
    [
      '16-bit TIFF',
      'tif',
      (seed: number) => tiff(Uint16Array.from(halves(seed, 29_900, 30_100)), 1),
      'the values 29900 to 30110 of 0 to 65535',
    ],
    [
      'float TIFF',
      'tif',
      (seed: number) =>
        tiff(
          Float32Array.from(halves(seed, 100, 800), (value) => value / 1000),
          3,
        ),
      '24 images hold numbers without a fixed range',
    ],
    [
      'TIFF of signed numbers',
      'tif',
      (seed: number) => tiff(Int16Array.from(halves(seed, -900, 300)), 2),
      '24 images hold numbers without a fixed range',
    ],
  ])('keep their contrast when they are faint: %s', async (_, ending, make, said) => {
    const scan = await scanOf(make, ending);
    const look = await lookAtPixels(scan);
    expect(look.isFlat).toBe(false);
    expect(told(look.warnings)).toEqual([expect.stringContaining(said)]);
    const [dark = 0, bright = 0] = await contrastOf(scan, look);
    expect(dark).toBeLessThan(15);
    expect(bright).toBeGreaterThan(240);
  });

  it('keep their high byte where they fill the range, without a word', async () => {
    const scan = await scanOf((seed) => png16(halves(seed, 1000, 60_000)), 'png');
    const look = await lookAtPixels(scan);
    expect(look).toEqual({ ranges: {}, warnings: [], isFlat: false });
    const [dark = 0, bright = 0] = await contrastOf(scan, look);
    expect([Math.round(dark), Math.round(bright)]).toEqual([3, 234]);
  });

  it('are not read as numbers by a run that was trained on bytes', async () => {
    const scan = await scanOf((seed) => tiff(Float32Array.from(halves(seed, 0, 1)), 3), 'tif');
    const open = openImageSet({
      scan,
      indices: Uint32Array.from(scan.images.keys()),
      target: TARGET,
      cacheFolder: temporaryFolder(),
      decoders: 1,
    });
    await expect(open).rejects.toThrow('no image of that kind was trained on; convert it to 8 or 16 bits');
  });
});

describe('a range', () => {
  it('is that of the samples but for outliers, which stand for broken cells', () => {
    const samples = Array.from({ length: 20_000 }, (_, at) => 100 + (at % 50));
    samples[7] = 65_535;
    samples[8] = 0;
    expect(rangeOf(samples)).toEqual([100, 149]);
    expect(isFaint([100, 149])).toBe(true);
    expect(isFaint([100, 40_000])).toBe(false);
  });

  it('is never empty', () => {
    expect(rangeOf([3, 3, 3])).toEqual([3, 4]);
    expect(rangeOf([])).toBeNull();
  });
});

describe('a set in which there is nothing to see', () => {
  const oneValue = (value: number) => (): Promise<Buffer> =>
    sharp({ create: { width: 20, height: 20, channels: 3, background: { r: value, g: value, b: value } } })
      .png()
      .toBuffer();

  it.each([
    [0, 'All pixels of the 24 images looked at are black, or nearly'],
    [255, 'All pixels of the 24 images looked at are white, or nearly'],
    [90, 'All pixels of the 24 images looked at are of the value 90 of 255, or nearly'],
  ])('is warned of: %i', async (value, warning) => {
    const { warnings, isFlat } = await lookAtPixels(await scanOf(oneValue(value), 'png'));
    expect(told(warnings)).toEqual([expect.stringContaining(warning)]);
    expect(isFlat).toBe(true);
  });

  it('is not one whose images differ from each other', async () => {
    let shade = 0;
    const { warnings } = await lookAtPixels(await scanOf(() => oneValue((shade += 5))(), 'png'));
    expect(told(warnings)).toEqual([]);
  });
});
