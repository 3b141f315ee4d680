import { join } from 'node:path';
import { told } from '#core/words/testing.ts';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { ImageSet } from './imageSet.ts';
import { openImageSet } from './openImageSet.ts';
import { scanFolder, type FolderScan } from '../scan/scanFolder.ts';
import { describeShared, readSharedText } from '../testing/sharedData.ts';
import { summarize } from '../scan/summary.ts';

const colour = z.tuple([z.number(), z.number(), z.number()]);
const entrySchema = z.object({
  path: z.string(),
  type: z.enum(['file', 'folder', 'symlink']),
  expect: z.enum([
    'use',
    'skip',
    'use-or-skip',
    'use-with-warning',
    'skip-unless-readable',
    'ignore',
    'not-a-class',
  ]),
  shown_size: z.tuple([z.number(), z.number()]).optional(),
  mean_rgb: colour.optional(),
  top_rgb: colour.optional(),
  bottom_rgb: colour.optional(),
  left_rgb: colour.optional(),
  right_rgb_on_black: colour.optional(),
  tolerance: z.number().optional(),
});
const expectationSchema = z.object({
  classes: z.array(z.string()),
  samples_at_least: z.record(z.string(), z.number()),
  samples_at_most: z.record(z.string(), z.number()),
  entries: z.array(entrySchema),
});
type Entry = z.infer<typeof entrySchema>;

const SIDE = 64;

describeShared('hostile-images', 'the hostile images end as expected', (folder) => {
  let scan: FolderScan;
  let set: ImageSet;
  let cacheFolder: string;
  let maxRssBefore: number;
  let before: string[];

  beforeAll(async () => {
    maxRssBefore = process.resourceUsage().maxRSS;
    before = snapshot(folder());
    cacheFolder = mkdtempSync(join(tmpdir(), 'normlab-hostile-'));
    scan = await scanFolder(folder());
    const indices = Uint32Array.from(scan.images.keys());
    const target = { height: SIDE, width: SIDE, channels: 3, resize: 'stretch' } as const;
    set = await openImageSet({ scan, indices, target, cacheFolder, decoders: 2 });
  }, 60_000);

  afterAll(async () => {
    await set.close();
    rmSync(cacheFolder, { recursive: true, force: true });
  });

  const relative = (entry: Entry): string => entry.path.slice('hostile-images/'.length);
  const skippedFiles = (): string[] => [...scan.skipped, ...set.skipped].map((entry) => entry.file);

  it('with every entry used, skipped or ignored as it should be', () => {
    const { entries } = expectationSchema.parse(JSON.parse(readSharedText('hostile-images.expected.json')));
    expect(entries).toHaveLength(64);
    const wrong = entries
      .filter((entry) => !isAsExpected(entry))
      .map((entry) => `${entry.path}: ${entry.expect}`);
    expect(wrong).toEqual([]);
  });

  function isAsExpected(entry: Entry): boolean {
    const file = relative(entry);
    const isUsed = set.files.includes(file);
    const timesSkipped = skippedFiles().filter((skipped) => skipped === file).length;
    const isWarned = told(scan.warnings).some((warning) => warning.includes(file));
    switch (entry.expect) {
      case 'use':
        return isUsed && timesSkipped === 0;
      case 'use-with-warning':
        return isUsed && isWarned;
      case 'skip':
        return !isUsed && timesSkipped === 1;
      case 'skip-unless-readable':
        return isUsed !== (timesSkipped === 1);
      case 'use-or-skip':
        // A hidden file is ignored silently.
        return isUsed !== (timesSkipped === 1 || file.includes('/.'));
      case 'ignore':
        return !isUsed && timesSkipped <= 1;
      case 'not-a-class':
        return !scan.classes.some((known) => known.name === file);
    }
  }

  it('with the two classes, in order, and as many samples as there should be', () => {
    const wanted = expectationSchema.parse(JSON.parse(readSharedText('hostile-images.expected.json')));
    expect(scan.classes.map((entry) => entry.name)).toEqual(wanted.classes);
    wanted.classes.forEach((name, classIndex) => {
      const samples = set.labels.filter((label) => label === classIndex).length;
      expect(samples).toBeGreaterThanOrEqual(wanted.samples_at_least[name] ?? Infinity);
      expect(samples).toBeLessThanOrEqual(wanted.samples_at_most[name] ?? 0);
    });
    set.files.forEach((file, sample) => {
      expect(file.startsWith(`${wanted.classes[set.labels[sample] ?? 9] ?? ''}/`)).toBe(true);
    });
    expect(set.files.filter((file) => file.includes('/normal_'))).toHaveLength(60);
  });

  it('with every damaged file told by the scan alone, so that `inspect` knows what training uses', () => {
    expect(told(set.skipped)).toEqual([]);
    expect(
      summarize(scan).skipped.filter((entry) => entry.file.includes('bad_')).length,
    ).toBeGreaterThanOrEqual(8);
    const said = told(scan.warnings).join('\n');
    for (const name of ['all_bad', 'empty_class', 'empty_nested', 'stray_at_root.jpg'])
      expect(said).toContain(name);
  });

  it('in their sizes and colours', async () => {
    const { entries } = expectationSchema.parse(JSON.parse(readSharedText('hostile-images.expected.json')));
    for (const entry of entries.filter((known) => set.files.includes(relative(known)))) {
      const image = [...scan.images].find((known) => known.file === relative(entry));
      if (entry.shown_size !== undefined) {
        expect([entry.path, image?.width, image?.height]).toEqual([entry.path, ...entry.shown_size]);
      }
      const { images } = await set.read(Uint32Array.of(set.files.indexOf(relative(entry))));
      const near = (wanted: readonly number[] | undefined, [x0, y0, x1, y1]: readonly number[]): void => {
        if (wanted === undefined) return;
        const mean = meanColour(images, x0 ?? 0, y0 ?? 0, x1 ?? SIDE, y1 ?? SIDE);
        const distance = Math.max(
          ...wanted.map((value, channel) => Math.abs(value - (mean[channel] ?? 999))),
        );
        expect([entry.path, distance <= (entry.tolerance ?? 3), mean]).toEqual([entry.path, true, mean]);
      };
      near(entry.mean_rgb, [0, 0, SIDE, SIDE]);
      near(entry.top_rgb, [4, 4, SIDE - 4, SIDE / 2 - 8]);
      near(entry.bottom_rgb, [4, SIDE / 2 + 8, SIDE - 4, SIDE - 4]);
      near(entry.left_rgb, [2, 2, SIDE / 2 - 4, SIDE - 2]);
      near(entry.right_rgb_on_black, [SIDE / 2 + 4, 2, SIDE - 2, SIDE - 2]);
    }
  });

  it('without the memory of a bomb, and without a trace in the folder', () => {
    expect((process.resourceUsage().maxRSS - maxRssBefore) / 1024).toBeLessThan(600);
    expect(snapshot(folder())).toEqual(before);
  });
});

function meanColour(pixels: Uint8Array, x0: number, y0: number, x1: number, y1: number): number[] {
  const sums = [0, 0, 0];
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      for (const channel of [0, 1, 2])
        sums[channel] = (sums[channel] ?? 0) + (pixels[(y * SIDE + x) * 3 + channel] ?? 0);
    }
  }
  return sums.map((sum) => sum / ((x1 - x0) * (y1 - y0)));
}

/** Every entry below a folder with its time and size. Links are entries and not followed: some form cycles. */
function snapshot(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    const { mtimeMs, size } = lstatSync(path);
    return [`${path} ${mtimeMs} ${size}`, ...(entry.isDirectory() ? snapshot(path) : [])];
  });
}
