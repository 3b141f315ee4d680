import type { ImageEdits } from '#core/document/dataSettings.ts';
import type { ImageRow } from '#core/contract/imageRows.ts';

/** The edits with an image left out, or taken in again. */
export function withExcluded(edits: ImageEdits, file: string, isExcluded: boolean): ImageEdits {
  const others = edits.excluded.filter((name) => name !== file);
  return { ...edits, excluded: isExcluded ? [...others, file].sort() : others };
}

/** The edits with an image counted as `className`; its own class takes the edit away. */
export function withClass(edits: ImageEdits, row: ImageRow, className: string): ImageEdits {
  const { [row.file]: _, ...others } = edits.relabelled;
  const own = row.givenClass ?? row.className;
  return { ...edits, relabelled: className === own ? others : { ...others, [row.file]: className } };
}

/** How many images the project changes. */
export function countEdits({ excluded, relabelled }: ImageEdits): number {
  return new Set([...excluded, ...Object.keys(relabelled)]).size;
}
