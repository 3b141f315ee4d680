import type { ImageView } from '#core/contract/imageRows.ts';
import { applyEdits } from '../scan/applyEdits.ts';
import { divideScan } from './divideScan.ts';
import type { FolderScan } from '../scan/scanFolder.ts';
import type { ImageSplit } from './splitImages.ts';

/** A scan with the edits of a project applied, and the images that a run would use for training and for validation. */
interface TrainingSides extends ImageSplit {
  readonly scan: FolderScan;
}

/** Divides a scanned folder as a run with these settings would. Throws as `divideScan` does. */
export function trainingSides(
  scan: FolderScan,
  { edits, validationFraction, ...division }: ImageView,
): TrainingSides {
  const edited = applyEdits(scan, edits);
  const { train, validation } = divideScan(edited, {
    ...division,
    validationFraction: validationFraction ?? 0,
    // With a separate validation folder nothing is divided.
    groups: validationFraction === null ? null : division.groups,
  });
  return { scan: edited, train, validation };
}
