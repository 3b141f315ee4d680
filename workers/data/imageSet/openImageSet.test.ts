import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { told } from '#core/words/testing.ts';
import type { ImageSet, ImageSetOptions } from './imageSet.ts';
import { openImageSet } from './openImageSet.ts';
import { scanFolder } from '../scan/scanFolder.ts';
import { imageFolder, picture as image, temporaryFolder, writeFiles } from '../testing/imageFolder.ts';

const target = { height: 8, width: 12, channels: 3, resize: 'stretch' } as const;
const SAMPLE = 8 * 12 * 3;

/** Options for all images of a folder, with a cache folder of the test's own. */
async function optionsFor(folder: string, more: Partial<ImageSetOptions> = {}): Promise<ImageSetOptions> {
  const scan = await scanFolder(folder);
  const indices = Uint32Array.from(scan.images.keys());
  return { scan, indices, target, cacheFolder: join(temporaryFolder(), 'cache'), decoders: 2, ...more };
}

/** The output of sharp alone for a file that has the target's size. */
async function bytesOf(folder: string, file: string): Promise<number[]> {
  return [...(await sharp(join(folder, file)).raw().toBuffer())];
}

async function readAll(set: ImageSet): Promise<number[]> {
  const batch = await set.read(Uint32Array.from({ length: set.size }, (_, sample) => sample));
  return [...batch.images];
}

describe.each([
  ['in memory', {}],
  ['from the cache file', { memoryBudgetBytes: 0 }],
])('an image set read %s', (_, budget) => {
  it('gives the images asked for, in that order, with their classes', async () => {
    const folder = await imageFolder(['a', 'b'], 5);
    const set = await openImageSet(await optionsFor(folder, budget));
    const batch = await set.read(Uint32Array.of(9, 0, 9));
    expect(batch.count).toBe(3);
    expect([...batch.labels]).toEqual([1, 0, 1]);
    const expected = await Promise.all(
      ['b/4.png', 'a/0.png', 'b/4.png'].map((file) => bytesOf(folder, file)),
    );
    expect([...batch.images]).toEqual(expected.flat());
    expect(batch.images.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...set.labels]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    await set.close();
  });

  it('keeps the order of the indices given', async () => {
    const folder = await imageFolder(['a', 'b'], 2);
    const set = await openImageSet(await optionsFor(folder, { ...budget, indices: Uint32Array.of(3, 0) }));
    expect(set.files).toEqual(['b/1.png', 'a/0.png']);
    expect([...set.labels]).toEqual([1, 0]);
    expect(await readAll(set)).toEqual([
      ...(await bytesOf(folder, 'b/1.png')),
      ...(await bytesOf(folder, 'a/0.png')),
    ]);
    await set.close();
  });

  it('gives the same after any mixture of prefetch and read, and lends a batch until the next call', async () => {
    const folder = await imageFolder(['a'], 6);
    const set = await openImageSet(await optionsFor(folder, budget));
    const first = await set.read(Uint32Array.of(0, 1));
    const before = [...first.images];
    set.prefetch(Uint32Array.of(2, 3));
    set.prefetch(Uint32Array.of(4, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...first.images]).toEqual(before);
    const pair = async (a: number, b: number): Promise<number[]> => [
      ...(await bytesOf(folder, `a/${a}.png`)),
      ...(await bytesOf(folder, `a/${b}.png`)),
    ];
    expect([...(await set.read(Uint32Array.of(2, 3))).images]).toEqual(await pair(2, 3));
    set.prefetch(Uint32Array.of(0, 1));
    expect([...(await set.read(Uint32Array.of(5, 4))).images]).toEqual(await pair(5, 4));
    expect([...(await set.read(Uint32Array.of(1))).images]).toEqual(await bytesOf(folder, 'a/1.png'));
    await set.close();
  });

  it('decodes nothing the second time, and gives the same', async () => {
    const folder = await imageFolder(['a', 'b'], 4);
    writeFiles(folder, { 'a/odd.jpg': await withBadScan() });
    const options = await optionsFor(folder, budget);
    const first = await openImageSet(options);
    expect(first.cache).toEqual({ state: 'built', decoded: 9, problem: null });
    const [pixels, statistics] = [await readAll(first), await first.channelStatistics()];
    await first.close();
    const second = await openImageSet(options);
    expect(second.cache).toEqual({ state: 'reused', decoded: 0, problem: null });
    expect(await readAll(second)).toEqual(pixels);
    expect(await second.channelStatistics()).toEqual(statistics);
    expect([second.files, second.skipped]).toEqual([first.files, first.skipped]);
    await second.close();
    expect(readdirSync(options.cacheFolder)).toHaveLength(1);
  });

  it('leaves out what does not decode, with dense sample numbers and right labels', async () => {
    const folder = await imageFolder(['a', 'b'], 3);
    writeFiles(folder, { 'a/1x.jpg': await withBadScan() });
    const set = await openImageSet(await optionsFor(folder, budget));
    expect(told(set.skipped)).toEqual([
      { file: 'a/1x.jpg', reason: expect.stringMatching(/cut off|damaged/) as string },
    ]);
    expect(set.files).toEqual(['a/0.png', 'a/1.png', 'a/2.png', 'b/0.png', 'b/1.png', 'b/2.png']);
    expect([...set.labels]).toEqual([0, 0, 0, 1, 1, 1]);
    expect([...(await set.read(Uint32Array.of(2))).images]).toEqual(await bytesOf(folder, 'a/2.png'));
    await set.close();
  });

  it('decodes again when a file, the target or the cache changed', async () => {
    const folder = await imageFolder(['a'], 3);
    const options = await optionsFor(folder, budget);
    const stateOf = async (changed: Partial<ImageSetOptions>): Promise<string> => {
      const set = await openImageSet({ ...options, ...changed });
      await set.close();
      return set.cache.state;
    };
    expect(await stateOf({})).toBe('built');
    expect(await stateOf({})).toBe('reused');
    expect(await stateOf({ target: { ...target, resize: 'cover' } })).toBe('built');
    expect(await stateOf({ target: { ...target, channels: 1 } })).toBe('built');
    writeFileSync(join(folder, 'a/1.png'), await image(4000));
    utimesSync(join(folder, 'a/1.png'), 5, 5);
    expect(await stateOf({ scan: await scanFolder(folder) })).toBe('built');
  });

  it('never trusts a torn or altered cache', async () => {
    const folder = await imageFolder(['a'], 4);
    const options = await optionsFor(folder, budget);
    const first = await openImageSet(options);
    const pixels = await readAll(first);
    await first.close();
    const [name] = readdirSync(options.cacheFolder);
    const path = join(options.cacheFolder, name ?? '');
    const whole = readFileSync(path);
    const damage: (() => void)[] = [
      () => truncateSync(path, whole.length - 1),
      () => truncateSync(path, 100),
      () => truncateSync(path, 0),
      () => writeFileSync(path, Buffer.concat([whole, Buffer.from('x')])),
      ...[3, 20, 41, whole.length - 5, whole.length - 60].map((at) => () => {
        const altered = Buffer.from(whole);
        altered[at] = (altered[at] ?? 0) ^ 1;
        writeFileSync(path, altered);
      }),
    ];
    for (const spoil of damage) {
      spoil();
      const set = await openImageSet(options);
      expect(set.cache.state).toBe('built');
      expect(await readAll(set)).toEqual(pixels);
      await set.close();
    }
  });

  it('leaves nothing half-made when it is cancelled', async () => {
    const folder = await imageFolder(['a', 'b'], 40);
    const controller = new AbortController();
    const options = await optionsFor(folder, budget);
    const onProgress = (): void => controller.abort();
    const opening = openImageSet({ ...options, onProgress, signal: controller.signal });
    await expect(opening).rejects.toMatchObject({ code: 'interrupted' });
    mkdirSync(options.cacheFolder, { recursive: true });
    expect(readdirSync(options.cacheFolder)).toEqual([]);
  });
});

describe('an image set', () => {
  it('has exact statistics over the images it holds, the failed ones not counted', async () => {
    const folder = await imageFolder(['a'], 3);
    writeFiles(folder, { 'a/bad.jpg': await withBadScan() });
    const set = await openImageSet(await optionsFor(folder));
    const pixels = await readAll(set);
    const { mean, deviation } = await set.channelStatistics();
    for (const channel of [0, 1, 2]) {
      const values = pixels.filter((_, at) => at % 3 === channel);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
      expect(mean[channel]).toBeCloseTo(average, 10);
      expect(deviation[channel]).toBeCloseTo(Math.max(1, Math.sqrt(variance)), 10);
    }
    await set.close();
  });

  it('notices an altered image when it reads from the file', async () => {
    const options = await optionsFor(await imageFolder(['a'], 4), { memoryBudgetBytes: 0 });
    await (await openImageSet(options)).close();
    const path = join(options.cacheFolder, readdirSync(options.cacheFolder)[0] ?? '');
    const altered = readFileSync(path);
    altered[64 + SAMPLE + 5] = (altered[64 + SAMPLE + 5] ?? 0) ^ 1;
    writeFileSync(path, altered);
    const set = await openImageSet(options);
    await expect(set.read(Uint32Array.of(1))).rejects.toMatchObject({ code: 'io' });
    expect((await set.read(Uint32Array.of(0))).count).toBe(1);
    await set.close();
    const again = await openImageSet(options);
    expect(again.cache.state).toBe('built');
    expect((await again.read(Uint32Array.of(1))).count).toBe(1);
    await again.close();
  });

  it('skips a file that changed or went after the scan, and tries it again the next time', async () => {
    const folder = await imageFolder(['a'], 3);
    const options = await optionsFor(folder);
    const before = readFileSync(join(folder, 'a/1.png'));
    const { mtime } = statSync(join(folder, 'a/1.png'));
    writeFileSync(join(folder, 'a/1.png'), await image(4000, { width: 30 }));
    const set = await openImageSet(options);
    expect(told(set.skipped)).toEqual([
      { file: 'a/1.png', reason: 'it was changed after the folder was scanned; scan the folder again' },
    ]);
    await set.close();
    writeFileSync(join(folder, 'a/1.png'), before);
    utimesSync(join(folder, 'a/1.png'), mtime, mtime);
    const again = await openImageSet({ ...options, scan: await scanFolder(folder) });
    expect([again.size, again.skipped.length, again.cache.state]).toEqual([3, 0, 'built']);
    await again.close();
  });

  it('goes on from memory where no cache can be written, and says why; from a file it cannot', async () => {
    const base = temporaryFolder();
    writeFileSync(join(base, 'file'), 'x');
    const options = await optionsFor(await imageFolder(['a'], 2), { cacheFolder: join(base, 'file/cache') });
    const set = await openImageSet(options);
    expect(told(set.cache)).toMatchObject({
      state: 'memory-only',
      problem: expect.stringContaining('Cannot write') as string,
    });
    expect(set.size).toBe(2);
    await set.close();
    const refused = openImageSet({ ...options, memoryBudgetBytes: 0 });
    await expect(refused).rejects.toBeInstanceOf(AppError);
    await expect(refused).rejects.toMatchObject({ code: 'output-not-writable' });
  });

  it('refuses when no image at all can be decoded', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'a/x.jpg': await withBadScan() });
    const opening = openImageSet(await optionsFor(folder));
    await expect(opening).rejects.toMatchObject({ code: 'folder-no-images' });
    await expect(opening).rejects.toThrow(/None of the 1 images can be decoded \(a\/x\.jpg: /);
  });

  it('may be empty', async () => {
    const set = await openImageSet(
      await optionsFor(await imageFolder(['a'], 1), { indices: new Uint32Array() }),
    );
    expect([set.size, (await set.read(new Uint32Array())).count]).toEqual([0, 0]);
    await set.close();
  });
});

/** A JPEG with valid header and end whose data in between is truncated, so that only decoding reveals it. */
async function withBadScan(): Promise<Buffer> {
  const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 2654435761) >>> 24));
  const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg()
    .toBuffer();
  return Buffer.concat([jpeg.subarray(0, jpeg.length - 2000), Buffer.from([0xff, 0xd9])]);
}
