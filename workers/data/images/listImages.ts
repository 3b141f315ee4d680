import { join } from 'node:path';
import { compareNames } from '../walk/compareNames.ts';
import type { Pace } from '../../threads/pace.ts';
import { createProbe } from './probeFile.ts';
import { walkFolder } from '../walk/walkFolder.ts';
import type { Message } from '#core/words/message.ts';

/** A file of a folder that is an image, or claims to be one and cannot be used. */
interface ListedImage {
  /** Relative to the folder, with '/'. */
  readonly file: string;
  /** Why it cannot be used; null for an image. */
  readonly problem: Message | null;
}

/**
 * Every image below a folder, whatever its class, in the order of names: exactly the files that `scanFolder` uses or
 * lists as skipped, by the same walk and the same probe of each file. Throws Node's error when the folder cannot be
 * listed.
 */
export async function listImages(folder: string, pace: Pace): Promise<ListedImage[]> {
  const walk = await walkFolder(folder, pace);
  const probe = createProbe();
  const listed: ListedImage[] = walk.skipped.map(({ file, reason }) => ({ file, problem: reason }));
  const files = [...walk.stray, ...walk.folders.flatMap((each) => each.files)];
  for (const [done, file] of files.entries()) {
    const result = await probe(join(walk.root, file), file);
    if (result.kind !== 'other')
      listed.push({ file, problem: result.kind === 'skip' ? result.reason : null });
    await pace.tick(done, files.length);
  }
  return listed.sort((a, b) => compareNames(a.file, b.file));
}
