import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openImageSet } from '../data/openImageSet.ts';
import { scanFolder } from '../data/scanFolder.ts';
import { imageFolder, temporaryFolder } from '../data/testSupport/imageFolder.ts';
import { SamplePictures } from './samplePictures.ts';

const target = { height: 8, width: 12, channels: 3, resize: 'stretch' } as const;

describe('sample pictures', () => {
  it('are decoded as training decodes them, with the statistics that training uses', async () => {
    const scan = await scanFolder(await imageFolder(['a', 'b'], 4));
    const indices = Uint32Array.from(scan.images.keys());
    const set = await openImageSet({
      scan,
      indices,
      target,
      cacheFolder: join(temporaryFolder(), 'c'),
      decoders: 1,
    });
    const samples = new SamplePictures();
    for (const index of [0, 5]) {
      const sample = await samples.sample(scan, index, target);
      const batch = await set.read(Uint32Array.of(index));
      expect(Uint8Array.from(Buffer.from(sample.pixels, 'base64'))).toEqual(Uint8Array.from(batch.images));
      expect(sample).toMatchObject({
        file: set.files[index],
        className: index < 4 ? 'a' : 'b',
        index,
        count: 8,
      });
      // Fewer pictures than the estimate takes: it is exact.
      expect({ mean: sample.mean, deviation: sample.deviation }).toEqual(await set.channelStatistics());
    }
    expect((await samples.sample(scan, 13, target)).index).toBe(5);
    await set.close();
  });

  it('say which picture cannot be decoded, and estimate from the others', async () => {
    const folder = await imageFolder(['a', 'b'], 3);
    const scan = await scanFolder(folder);
    truncateSync(join(folder, 'a/1.png'), 40);
    const samples = new SamplePictures();
    await expect(samples.sample(scan, 1, target)).rejects.toMatchObject({ code: 'image-unreadable' });
    expect((await samples.sample(scan, 0, target)).mean).toHaveLength(3);
  });
});
