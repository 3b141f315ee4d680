import type { FolderScan } from '../data/scan/scanFolder.ts';
import { partOfSplit, readSplit, type SplitPart } from '../runs/data/runSplit.ts';

/**
 * Returns the function that selects the images of a part of a run's split in a scanned folder; null for all images.
 * Throws as `readSplit`; the function throws as `partOfSplit`.
 */
export async function partChooser(
  run: string,
  part: SplitPart | null,
): Promise<((scan: FolderScan) => Uint32Array) | null> {
  if (part === null) return null;
  const split = await readSplit(run);
  return (scan) => partOfSplit(scan, split, part);
}
