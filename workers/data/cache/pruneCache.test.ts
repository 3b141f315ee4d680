import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/imageFolder.ts';
import { cacheLimitBytes, pruneCache } from './pruneCache.ts';

it('the limit is 8 GiB unless the environment says otherwise in GiB', () => {
  expect([undefined, '', 'x', '-1', '0', '2.5'].map((text) => cacheLimitBytes(text) / 2 ** 30)).toEqual([
    8, 8, 8, 8, 0, 2.5,
  ]);
});

it('pruneCache deletes the least recently used caches, and nothing else', async () => {
  const folder = temporaryFolder();
  const place = (name: string, ageHours: number): string => {
    const path = join(folder, name);
    writeFileSync(path, 'x'.repeat(100));
    const then = Date.now() / 1000 - ageHours * 3600;
    utimesSync(path, then, then);
    return path;
  };
  const key = (digit: string): string => digit.repeat(64);
  const kept = place(`${key('a')}.pixels`, 99);
  place(`${key('b')}.pixels`, 1);
  place(`${key('c')}.pixels`, 2);
  place(`${key('d')}.pixels`, 3);
  place(`${key('e')}.pixels.0123456789ab.tmp`, 1);
  place('mine.pixels', 99);
  await pruneCache(folder, kept, 200);
  expect(readdirSync(folder).sort()).toEqual(
    [`${key('a')}.pixels`, `${key('b')}.pixels`, `${key('e')}.pixels.0123456789ab.tmp`, 'mine.pixels'].sort(),
  );
  await pruneCache(join(folder, 'missing'), kept, 300);
});
