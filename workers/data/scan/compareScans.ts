import type { ScanChanges } from '#core/contract/dataSummary.ts';
import type { FolderScan } from './scanFolder.ts';

/** Number of names listed for each kind of change. */
const EXAMPLES = 5;

/**
 * Compares the images of two scans of a folder by name and content; an image that became unreadable counts as removed.
 * Null when there is no difference.
 */
export function compareScans(before: FolderScan, after: FolderScan): ScanChanges | null {
  const known = new Map<string, number>();
  for (const index of before.images.keys()) known.set(before.images.fileOf(index), index);
  const added: string[] = [];
  const changed: string[] = [];
  for (const index of after.images.keys()) {
    const file = after.images.fileOf(index);
    const old = known.get(file);
    if (old === undefined) added.push(file);
    else if (before.digests.hexAt(old) !== after.digests.hexAt(index)) changed.push(file);
    known.delete(file);
  }
  if (added.length + changed.length + known.size === 0) return null;
  return { added: changes(added), changed: changes(changed), removed: changes([...known.keys()]) };
}

function changes(files: readonly string[]): ScanChanges['added'] {
  return { count: files.length, examples: files.slice(0, EXAMPLES) };
}
