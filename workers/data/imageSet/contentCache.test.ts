import { inEnglish } from '#core/words/catalogues.ts';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageSetOptions } from './imageSet.ts';
import { openImageSet } from './openImageSet.ts';
import { scanFolder } from '../scan/scanFolder.ts';
import { imageFolder, picture as image, temporaryFolder, writeFiles } from '../testing/imageFolder.ts';

const target = { height: 8, width: 12, channels: 3, resize: 'stretch' } as const;
const SAMPLE = 8 * 12 * 3;

/** The state of a set (decoded or reused), and its pixels and statistics. */
interface Outcome {
  readonly state: string;
  readonly decoded: number;
  readonly pixels: Readonly<Record<string, number[]>>;
  readonly skipped: readonly string[];
  readonly statistics: object;
}

async function open(
  folder: string,
  cacheFolder: string,
  more: Partial<ImageSetOptions> = {},
): Promise<Outcome> {
  const scan = await scanFolder(folder);
  const indices = Uint32Array.from(scan.images.keys());
  const set = await openImageSet({ scan, indices, target, cacheFolder, decoders: 2, ...more });
  const { images } = await set.read(Uint32Array.from(set.files.keys()));
  const pixels = set.files.map((file, at) => [file, [...images.slice(at * SAMPLE, (at + 1) * SAMPLE)]]);
  const statistics = await set.channelStatistics();
  await set.close();
  const { state, decoded } = set.cache;
  const skipped = set.skipped.map(({ file, reason }) => `${file}: ${inEnglish(reason)}`);
  return { state, decoded, pixels: Object.fromEntries(pixels) as Outcome['pixels'], skipped, statistics };
}

/** The contents of a set, by image and without names. */
function contentOf({ pixels }: Outcome): string[] {
  return Object.values(pixels)
    .map((bytes) => bytes.join())
    .sort();
}

function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x55;
  writeFileSync(path, bytes);
}

/** A BMP whose pixels are 90, except for `seed` in the bytes from `begin` to `end`. */
function bitmap(width: number, height: number, seed: number, begin: number, end: number): Buffer {
  const bytes = Buffer.alloc(54 + width * height * 3, 90);
  bytes.fill(0, 0, 54);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes.fill(seed, begin, end);
}

/** Larger than the files that a scan reads completely; the parts that a scan reads are the same for every seed. */
const largeImage = (seed: number): Buffer => bitmap(700, 600, seed, 400_000, 900_000);

describe.each([
  ['in memory', {}],
  ['from the cache file', { memoryBudgetBytes: 0 }],
])('pictures known by content, read %s', (_, budget) => {
  it('are not decoded again when the folder is moved, copied, touched or renamed inside', async () => {
    const folder = await imageFolder(['a', 'b'], 4);
    writeFiles(folder, { 'b/copy.png': readFileSync(join(folder, 'a/2.png')) });
    const cacheFolder = join(temporaryFolder(), 'cache');
    const first = await open(folder, cacheFolder, budget);
    expect([first.state, first.decoded]).toEqual(['built', 9]);
    const again = { ...first, state: 'reused', decoded: 0 };
    utimesSync(join(folder, 'a/1.png'), 7, 7);
    expect(await open(folder, cacheFolder, budget)).toEqual(again);
    const copied = join(temporaryFolder(), 'copied');
    cpSync(folder, copied, { recursive: true });
    expect(await open(copied, cacheFolder, budget)).toEqual(again);
    const moved = join(temporaryFolder(), 'moved');
    renameSync(folder, moved);
    expect(await open(moved, cacheFolder, budget)).toEqual(again);
    renameSync(join(moved, 'a/0.png'), join(moved, 'a/zero.png'));
    renameSync(join(moved, 'b'), join(moved, '0'));
    const renamed = await open(moved, cacheFolder, budget);
    expect([renamed.state, renamed.decoded, contentOf(renamed)]).toEqual(['reused', 0, contentOf(first)]);
    expect(renamed.pixels['a/zero.png']).toEqual(first.pixels['a/0.png']);
    expect(renamed.pixels['0/copy.png']).toEqual(first.pixels['a/2.png']);
    expect(readdirSync(cacheFolder)).toHaveLength(1);
  });

  it('are decoded again where a byte has changed, even under the same size and time, and only they', async () => {
    const folder = await imageFolder(['a', 'b'], 4);
    const cacheFolder = join(temporaryFolder(), 'cache');
    const path = join(folder, 'a/1.bmp');
    writeFileSync(path, bitmap(12, 8, 1, 60, 61));
    utimesSync(path, 7, 7);
    const first = await open(folder, cacheFolder, budget);
    writeFileSync(path, bitmap(12, 8, 2, 60, 61));
    utimesSync(path, 7, 7);
    const second = await open(folder, cacheFolder, budget);
    expect([second.state, second.decoded]).toEqual(['built', 1]);
    expect(second.pixels['a/1.bmp']).not.toEqual(first.pixels['a/1.bmp']);
    expect(second).toEqual({ ...(await open(folder, temporaryFolder(), budget)), decoded: 1 });
  });

  it('that are new to a folder, or stand in another split, are the only ones decoded', async () => {
    const folder = await imageFolder(['a', 'b'], 6);
    writeFiles(folder, { 'a/bad.jpg': await cutImage() });
    const cacheFolder = join(temporaryFolder(), 'cache');
    const first = await open(folder, cacheFolder, budget);
    expect(first.skipped).toEqual([expect.stringMatching(/^a\/bad\.jpg: /)]);
    const indices = Uint32Array.of(8, 2, 6, 11);
    const part = await open(folder, cacheFolder, { ...budget, indices });
    expect(part).toEqual({
      ...(await open(folder, temporaryFolder(), { ...budget, indices })),
      state: 'reused',
      decoded: 0,
    });
    writeFiles(folder, { 'a/00.png': await image(500), 'c/1.png': await image(501) });
    const grown = await open(folder, cacheFolder, budget);
    expect(grown).toEqual({ ...(await open(folder, temporaryFolder(), budget)), decoded: 2 });
    expect(await open(folder, cacheFolder, budget)).toEqual({ ...grown, state: 'reused', decoded: 0 });
  });

  it('are decoded where the cache that holds them is damaged or gone', async () => {
    const folder = await imageFolder(['a', 'b'], 4);
    const cacheFolder = join(temporaryFolder(), 'cache');
    await open(folder, cacheFolder, budget);
    flipByte(join(cacheFolder, readdirSync(cacheFolder)[0] ?? ''), 64 + 3 * SAMPLE + 7);
    writeFiles(folder, { 'a/new.png': await image(500) });
    const grown = await open(folder, cacheFolder, budget);
    expect(grown).toEqual({ ...(await open(folder, temporaryFolder(), budget)), decoded: 2 });
  });

  it('of another target are not taken', async () => {
    const folder = await imageFolder(['a'], 3);
    const cacheFolder = join(temporaryFolder(), 'cache');
    await open(folder, cacheFolder, budget);
    const cover = await open(folder, cacheFolder, { ...budget, target: { ...target, resize: 'cover' } });
    expect([cover.state, cover.decoded]).toEqual(['built', 3]);
  });

  it('that are large need the same time, or the same bytes', async () => {
    const folder = await imageFolder(['a'], 2);
    for (const seed of [1, 2]) writeFiles(folder, { [`a/large${seed}.bmp`]: largeImage(seed) });
    const [one, two] = [join(folder, 'a/large1.bmp'), join(folder, 'a/large2.bmp')];
    const cacheFolder = join(temporaryFolder(), 'cache');
    const first = await open(folder, cacheFolder, budget);
    expect([first.state, first.decoded]).toEqual(['built', 4]);
    expect(first.pixels['a/large1.bmp']).not.toEqual(first.pixels['a/large2.bmp']);
    const again = { ...first, state: 'reused', decoded: 0 };
    expect(await open(folder, cacheFolder, budget)).toEqual(again);
    // New modification times, and exchanged names: the files are recognized by their bytes.
    utimesSync(one, 7, 7);
    expect(await open(folder, cacheFolder, budget)).toEqual(again);
    copyFileSync(one, `${two}.tmp`);
    renameSync(two, one);
    renameSync(`${two}.tmp`, two);
    utimesSync(two, 8, 8);
    const swapped = await open(folder, cacheFolder, budget);
    expect([swapped.decoded, swapped.pixels['a/large2.bmp']]).toEqual([0, first.pixels['a/large1.bmp']]);
    // The modification time is stored after the read: with that time the file is not read again.
    writeFileSync(two, largeImage(3));
    utimesSync(two, 8, 8);
    expect((await open(folder, cacheFolder, budget)).decoded).toBe(0);
    utimesSync(two, 9, 9);
    const changed = await open(folder, cacheFolder, budget);
    expect(changed).toEqual({ ...(await open(folder, temporaryFolder(), budget)), decoded: 1 });
    expect(readdirSync(cacheFolder)).toHaveLength(1);
  });
});

describe('caches that are no longer of use', () => {
  it('are left alone: files of an earlier format and foreign ones', async () => {
    const folder = await imageFolder(['a'], 3);
    const cacheFolder = join(temporaryFolder(), 'cache');
    mkdirSync(cacheFolder);
    const names = [`${'e'.repeat(64)}.pixels`, 'notes.txt'];
    for (const name of names) writeFileSync(join(cacheFolder, name), `NLPIX001${'\0'.repeat(900)}`);
    expect((await open(folder, cacheFolder)).decoded).toBe(3);
    expect(readdirSync(cacheFolder)).toEqual(expect.arrayContaining(names));
  });
});

/** A JPEG without its end whose header is valid: it passes a scan only with an end marker. */
async function cutImage(): Promise<Buffer> {
  const jpeg = await image(900, { format: 'jpeg', width: 200, height: 200 });
  return Buffer.concat([jpeg.subarray(0, jpeg.length - 60), Buffer.from([0xff, 0xd9])]);
}
