import type { ImageEdits } from '#core/document/dataSettings.ts';
import type { ImageRow } from '#core/contract/imageRows.ts';

/** The edits with an image excluded, or included again. */
export function withExcluded(edits: ImageEdits, file: string, isExcluded: boolean): ImageEdits {
  const others = edits.excluded.filter((name) => name !== file);
  return { ...edits, excluded: isExcluded ? [...others, file].sort() : others };
}

/** The edits with an image assigned to `className`; its own class removes the edit. */
export function withClass(edits: ImageEdits, row: ImageRow, className: string): ImageEdits {
  const { [row.file]: _, ...others } = edits.relabelled;
  const own = row.givenClass ?? row.className;
  return { ...edits, relabelled: className === own ? others : { ...others, [row.file]: className } };
}

/** Number of images that the project changes. */
export function countEdits({ excluded, relabelled }: ImageEdits): number {
  return new Set([...excluded, ...Object.keys(relabelled)]).size;
}
