import type { ImageView } from '#core/contract/imageRows.ts';
import { applyEdits } from './applyEdits.ts';
import type { FolderScan } from './scanFolder.ts';
import { splitFold, splitImages, type ImageSplit } from './splitImages.ts';

/** A scan after the edits of a project, and which of its pictures a run would train on and validate with. */
export interface TrainingSides extends ImageSplit {
  readonly scan: FolderScan;
}

/** Divides a scanned folder as a run with these settings would. */
export function trainingSides(
  scan: FolderScan,
  { edits, crossValidation, validationFraction, seed }: ImageView,
): TrainingSides {
  const edited = applyEdits(scan, edits);
  const split =
    crossValidation === null
      ? splitImages(edited, validationFraction ?? 0, seed)
      : splitFold(edited, crossValidation, seed);
  return { scan: edited, ...split };
}
