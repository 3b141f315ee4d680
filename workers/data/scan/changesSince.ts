import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderScan } from './scanFolder.ts';
import { createPace } from '../../threads/pace.ts';
import { readProblem } from '../../files/systemErrors.ts';
import type { SkippedFile } from '../walk/walkFolder.ts';
import { message, type Message } from '#core/words/message.ts';

/** Time limit of checking the files again; on a slow disk the rest is not checked. */
const PATIENCE_MS = 5_000;

/**
 * The files of a scan that have changed since the scan, by size and time, with a description of the change. Never
 * throws: the caller has the images already.
 */
export async function changesSince(
  scan: Pick<FolderScan, 'root' | 'images'>,
  indices: Uint32Array,
  patienceMs = PATIENCE_MS,
): Promise<SkippedFile[]> {
  const changes: SkippedFile[] = [];
  const pace = createPace();
  const end = performance.now() + patienceMs;
  for (const [done, index] of indices.entries()) {
    if (performance.now() > end) break;
    const image = scan.images.at(index);
    const reason = image === undefined ? null : changeOf(join(scan.root, image.file), image);
    if (image !== undefined && reason !== null) changes.push({ file: image.file, reason });
    await pace.tick(done, indices.length);
  }
  return changes;
}

function changeOf(path: string, seen: { sizeBytes: number; modifiedMs: number }): Message | null {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return message('images.noLongerAFile');
    const isSame = stats.size === seen.sizeBytes && stats.mtimeMs === seen.modifiedMs;
    return isSame ? null : message('images.changed');
  } catch (thrown) {
    return readProblem(thrown, path);
  }
}
