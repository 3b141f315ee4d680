import { join } from 'node:path';
import type { DuplicateCandidate } from './duplicates.ts';
import type { Pace } from './pace.ts';
import { createProbe, type ProbedImage } from './probeFile.ts';
import type { FolderWalk, SkippedFile } from './walkFolder.ts';

/** What the files of a walk turned out to be; folders without a picture are no classes. */
export interface ProbedFolder {
  readonly classes: { name: string; count: number }[];
  readonly images: (ProbedImage & { file: string; classIndex: number })[];
  /** One for each image, in the same order. */
  readonly candidates: DuplicateCandidate[];
  readonly skipped: SkippedFile[];
  /** Number of files looked at. */
  done: number;
}

/** Opens every file of a walk once, in order; see `probeFile`. Throws only when the pace says so. */
export async function probeAll(walk: FolderWalk, pace: Pace): Promise<ProbedFolder> {
  const found: ProbedFolder = {
    classes: [],
    images: [],
    candidates: [],
    skipped: [...walk.skipped],
    done: 0,
  };
  const total = walk.folders.reduce((sum, folder) => sum + folder.files.length, 0);
  const probe = createProbe();
  for (const folder of walk.folders) {
    const before = found.images.length;
    for (const file of folder.files) {
      const path = join(walk.root, file);
      const result = await probe(path, file);
      if (result.kind === 'skip') found.skipped.push({ file, reason: result.reason });
      if (result.kind === 'image') {
        const { image, digest, digestIsWhole } = result;
        found.images.push({ file, classIndex: found.classes.length, ...image });
        found.candidates.push({ path, digest, digestIsWhole });
      }
      await pace.tick(++found.done, total);
    }
    const count = found.images.length - before;
    if (count > 0) found.classes.push({ name: folder.name, count });
  }
  return found;
}
