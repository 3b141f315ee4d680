import { join } from 'node:path';
import { DigestTable } from './digestTable.ts';
import { ImageListBuilder, type ImageList } from './imageList.ts';
import type { Pace } from '../../threads/pace.ts';
import { createProbe } from './probeFile.ts';
import type { FolderWalk, SkippedFile } from '../walk/walkFolder.ts';

/** The probed files of a walk; folders without an image are not classes. */
interface ProbedFolder {
  readonly classes: { name: string; count: number }[];
  readonly images: ImageList;
  /** One for each image, in the same order. */
  readonly digests: DigestTable;
  readonly skipped: SkippedFile[];
  /** Images with bands that are not used. */
  readonly unusedBands: { count: number; first: string };
  /** Number of files probed. */
  readonly done: number;
}

/**
 * Opens every file of a walk once, in order, and empties its lists of files; see `probeFile`. Throws only when the pace
 * does.
 */
export async function probeAll(walk: FolderWalk, pace: Pace): Promise<ProbedFolder> {
  const images = new ImageListBuilder();
  const digests = new DigestTable();
  const classes: ProbedFolder['classes'] = [];
  const skipped = [...walk.skipped];
  const unusedBands = { count: 0, first: '' };
  const total = walk.folders.reduce((sum, folder) => sum + folder.files.length, 0);
  const probe = createProbe();
  let done = 0;
  for (const folder of walk.folders) {
    const before = images.length;
    for (const file of folder.files) {
      const result = await probe(join(walk.root, file), file);
      if (result.kind === 'skip') skipped.push({ file, reason: result.reason });
      if (result.kind === 'image') {
        images.add(file, classes.length, result.image);
        digests.add(result.digest, result.digestIsWhole);
        if (result.hasUnusedBands && unusedBands.count++ === 0) unusedBands.first = file;
      }
      await pace.tick(++done, total);
    }
    // Their names are packed in the list now.
    folder.files.length = 0;
    const count = images.length - before;
    if (count > 0) classes.push({ name: folder.name, count });
  }
  return { classes, images: images.finish(), digests, skipped, unusedBands, done };
}
