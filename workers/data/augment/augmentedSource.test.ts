import { truncateSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Augmentation } from '#core/augment/augmentation.ts';
import { createAugmenter } from '#core/augment/augmenter.ts';
import type { ImageSet } from '../imageSet/imageSet.ts';
import { openImageSet } from '../imageSet/openImageSet.ts';
import { scanFolder } from '../scan/scanFolder.ts';
import { imageFolder, temporaryFolder } from '../testing/imageFolder.ts';
import { openAugmentedSource, type AugmentedSource } from './augmentedSource.ts';

const target = { height: 8, width: 12, channels: 3, resize: 'stretch' } as const;
const SAMPLE = 8 * 12 * 3;
const augmentation: Augmentation = {
  border: 'mean',
  horizontalFlip: { probability: 0.5 },
  shift: { unit: 'px', x: 3, y: 3, probability: 1 },
  rotate: { degrees: 20, probability: 0.7 },
};
const options = { augmentation, seed: 5, mean: [10, 20, 30] };

async function openSet(budget: object, count = 5): Promise<{ set: ImageSet; cacheFolder: string }> {
  const scan = await scanFolder(await imageFolder(['a', 'b'], count));
  const cacheFolder = join(temporaryFolder(), 'cache');
  const indices = Uint32Array.from(scan.images.keys());
  const set = await openImageSet({ scan, indices, target, cacheFolder, decoders: 2, ...budget });
  onTestFinished(() => set.close());
  return { set, cacheFolder };
}

function open(set: ImageSet, more: object = {}): AugmentedSource {
  const source = openAugmentedSource(set, { ...options, ...more });
  onTestFinished(() => source.close());
  return source;
}

/** The expected samples, made one by one in this thread. */
async function expected(set: ImageSet, samples: readonly number[], epoch: number): Promise<Uint8Array> {
  const { augment } = createAugmenter({ ...options, ...target });
  const into = new Uint8Array(samples.length * SAMPLE);
  for (const [at, sample] of samples.entries()) {
    const plain = (await set.read(Uint32Array.of(sample))).images.slice();
    augment(plain, 0, into, at * SAMPLE, epoch, sample);
  }
  return into;
}

describe.each([
  ['in memory', {}],
  ['from the cache file', { memoryBudgetBytes: 0 }],
])('an augmented source over a set %s', (_, budget) => {
  it('gives each sample as its epoch sees it, whatever the batch', async () => {
    const { set } = await openSet(budget);
    const source = open(set);
    for (const [samples, epoch] of [
      [[3, 1, 9], 0],
      [[9], 0],
      [[9, 9], 1],
      [[0, 1, 2, 3, 4, 5, 6], 7],
    ] as const) {
      const batch = await source.read(Uint32Array.from(samples), epoch);
      expect(batch.images).toEqual(await expected(set, samples, epoch));
      expect([...batch.labels]).toEqual(samples.map((sample) => (sample < 5 ? 0 : 1)));
      expect(batch.count).toBe(samples.length);
      expect(batch.images.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  it('gives the same whether prefetched, prefetched otherwise, or not at all', async () => {
    const { set } = await openSet(budget);
    const source = open(set);
    const wanted = Uint32Array.of(7, 2, 4);
    const right = await expected(set, [...wanted], 3);
    const rounds: readonly (() => void)[] = [
      () => undefined,
      () => source.prefetch(wanted, 3),
      () => source.prefetch(wanted, 4),
      () => source.prefetch(Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 3),
      () => [source.prefetch(Uint32Array.of(1), 0), source.prefetch(wanted, 3)],
      () => source.prefetch(wanted, 3),
    ];
    for (const before of rounds) {
      before();
      expect((await source.read(wanted, 3)).images).toEqual(right);
    }
  });

  it('keeps a lent batch as it is while the next one is made', async () => {
    const { set } = await openSet(budget);
    const source = open(set);
    const first = await source.read(Uint32Array.of(0, 1), 0);
    const copy = first.images.slice();
    source.prefetch(Uint32Array.of(2, 3), 0);
    await set.read(Uint32Array.of(4));
    const second = await source.read(Uint32Array.of(2, 3), 0);
    expect(first.images).toEqual(copy);
    expect(second.images).not.toEqual(copy);
  });

  it('gives plain images without an epoch, and with nothing switched on', async () => {
    const { set } = await openSet(budget);
    const samples = Uint32Array.of(8, 3);
    const plain = (await set.read(samples)).images.slice();
    expect((await open(set).read(samples)).images).toEqual(plain);
    for (const nothing of [undefined, { border: 'edge' as const }])
      expect((await open(set, { augmentation: nothing }).read(samples, 0)).images).toEqual(plain);
  });
});

describe('mixed pictures', () => {
  it.each(['mixup', 'cutmix'] as const)('%s carries both labels, the larger share first', async (way) => {
    const { set } = await openSet({});
    const mixing = { border: 'black' as const, [way]: { alpha: 1, probability: 1 } };
    const source = open(set, { augmentation: mixing });
    const samples = Uint32Array.from({ length: 10 }, (_, sample) => sample);
    const plain = (await set.read(samples)).images.slice();
    const { images, labels, mix } = await source.read(samples, 0);
    if (mix === undefined) throw new Error('nothing was mixed');
    const seen = {
      images: images.slice(),
      labels: labels.slice(),
      shares: mix.shares.slice(),
      others: mix.labels.slice(),
    };
    expect(seen.images).not.toEqual(plain);
    expect(seen.shares.every((share) => share >= 0.5 && share <= 1)).toBe(true);
    const { mixer, keyOf } = createAugmenter({ ...options, augmentation: mixing, ...target });
    for (const sample of samples) {
      const partner = mixer?.partnerOf(keyOf(0, sample), 10) ?? -1;
      const own = plain.slice(sample * SAMPLE, (sample + 1) * SAMPLE);
      const share =
        mixer?.blend(keyOf(0, sample), own, 0, plain.slice(partner * SAMPLE, (partner + 1) * SAMPLE)) ?? 0;
      expect(seen.images.slice(sample * SAMPLE, (sample + 1) * SAMPLE)).toEqual(own);
      const both = [set.labels[sample], set.labels[partner]];
      expect([seen.labels[sample], seen.others[sample]]).toEqual(share >= 0.5 ? both : both.reverse());
      expect(seen.shares[sample]).toBeCloseTo(Math.max(share, 1 - share), 6);
    }
    source.prefetch(samples, 0);
    const again = await source.read(samples, 0);
    expect(again.images).toEqual(seen.images);
    expect(again.mix?.shares).toEqual(seen.shares);
  });
});

describe('an augmented source in trouble', () => {
  it('says so when the cache file has been cut short', async () => {
    const { set, cacheFolder } = await openSet({ memoryBudgetBytes: 0 });
    const source = open(set);
    for (const file of readdirSync(cacheFolder)) truncateSync(join(cacheFolder, file), 100);
    await expect(source.read(Uint32Array.of(1), 0)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('damaged and was removed'),
      where: expect.stringContaining(cacheFolder),
    });
  });

  it('ends the wait when its thread dies', async () => {
    const { set } = await openSet({});
    const file = join(temporaryFolder(), 'dying.mjs');
    writeFileSync(file, `setTimeout(() => process.exit(3), 50);`);
    const source = open(set, { workerUrl: pathToFileURL(file) });
    await expect(source.read(Uint32Array.of(1), 0)).rejects.toMatchObject({ code: 'worker-died' });
  });
});
