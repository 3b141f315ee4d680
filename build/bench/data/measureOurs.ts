import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageSet } from '#workers/data/imageSet/imageSet.ts';
import { openImageSet } from '#workers/data/imageSet/openImageSet.ts';
import { scanFolder } from '#workers/data/scan/scanFolder.ts';

export interface OurCase {
  readonly folder: string;
  readonly side: number;
  readonly batch: number;
  readonly repeats: number;
  readonly threads: number;
}

/** Images per second to ready batches, each the best of the repeats. */
export interface OurSpeeds {
  /** With an empty cache folder. */
  readonly first: number;
  /** From the cache on disk, including checksums. */
  readonly cached: number;
  /** One epoch of an open set. */
  readonly later: number;
}

/** Times openImageSet and the reading of every batch in a shuffled order. */
export async function measureOurs({ folder, side, batch, repeats, threads }: OurCase): Promise<OurSpeeds> {
  const scan = await scanFolder(folder);
  const indices = Uint32Array.from(scan.images.keys());
  const target = { height: side, width: side, channels: 3, resize: 'stretch' } as const;
  const speeds = { first: 0, cached: 0, later: 0 };
  for (let repeat = 0; repeat < repeats; repeat++) {
    const cacheFolder = mkdtempSync(join(tmpdir(), 'normlab-bench-'));
    const open = (): Promise<ImageSet> =>
      openImageSet({ scan, indices, target, cacheFolder, decoders: threads });
    try {
      speeds.first = Math.max(speeds.first, await timed(indices, batch, open));
      speeds.cached = Math.max(speeds.cached, await timed(indices, batch, open));
      const set = await open();
      speeds.later = Math.max(speeds.later, await timed(indices, batch, () => Promise.resolve(set)));
    } finally {
      rmSync(cacheFolder, { recursive: true, force: true });
    }
  }
  return speeds;
}

/** Closing, which waits until a new cache is on the disk, is not timed: in a run it overlaps with training. */
async function timed(indices: Uint32Array, batch: number, open: () => Promise<ImageSet>): Promise<number> {
  const order = shuffled(indices.length);
  const began = performance.now();
  const set = await open();
  let seen = 0;
  for (let at = 0; at < order.length; at += batch) {
    set.prefetch(order.subarray(at, at + batch));
    seen += (await set.read(order.subarray(at, at + batch))).count;
  }
  const seconds = (performance.now() - began) / 1000;
  await set.close();
  if (seen !== indices.length) throw new Error(`${seen} pictures instead of ${indices.length}`);
  return seen / seconds;
}

function shuffled(length: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, at) => at);
  for (let at = length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return order;
}
