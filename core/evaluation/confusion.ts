import { must } from '../diagnostics/invariantError.ts';

/** Images counted by true and decided class. */
export interface Confusion {
  readonly classes: number;
  /** `[classes, classes]`: row true class, column decided class. */
  readonly counts: Uint32Array;
}

/** Counts images by true class, `labels`, and decided class, `[N]` each. */
export function countConfusion(labels: Int32Array, decided: Int32Array, classes: number): Confusion {
  const counts = new Uint32Array(classes * classes);
  labels.forEach((label, image) => {
    const at = label * classes + must(decided[image], `class of image ${image}`);
    counts[at] = (counts[at] ?? 0) + 1;
  });
  return { classes, counts };
}

/** Images of true class `row` that were given to class `column`. */
export function cellOf({ classes, counts }: Confusion, row: number, column: number): number {
  return counts[row * classes + column] ?? 0;
}

/** Of each class: images that belong to it, that were given to it, and that are both. */
export interface ClassCounts {
  readonly support: Uint32Array;
  readonly decided: Uint32Array;
  readonly correct: Uint32Array;
}

export function classCountsOf(confusion: Confusion): ClassCounts {
  const { classes, counts } = confusion;
  const [support, decided] = [new Uint32Array(classes), new Uint32Array(classes)];
  counts.forEach((count, at) => {
    const row = Math.floor(at / classes);
    const column = at % classes;
    support[row] = (support[row] ?? 0) + count;
    decided[column] = (decided[column] ?? 0) + count;
  });
  const correct = Uint32Array.from({ length: classes }, (_, k) => cellOf(confusion, k, k));
  return { support, decided, correct };
}

/** A cell beside the diagonal: `images` of class `from` that were given to class `to`. */
export interface ConfusedPair {
  readonly from: number;
  readonly to: number;
  readonly images: number;
}

/** All cells beside the diagonal that are not 0, the largest first, then in the order of the classes. */
export function confusedPairs({ classes, counts }: Confusion): ConfusedPair[] {
  const pairs: ConfusedPair[] = [];
  counts.forEach((images, at) => {
    const from = Math.floor(at / classes);
    const to = at % classes;
    if (images > 0 && from !== to) pairs.push({ from, to, images });
  });
  return pairs.sort((a, b) => b.images - a.images);
}

/** The cells that are not 0 as `[true, decided, images]`: a matrix of many classes is mostly 0. */
export function sparseCells({ classes, counts }: Confusion): [number, number, number][] {
  const cells: [number, number, number][] = [];
  counts.forEach((images, at) => {
    if (images > 0) cells.push([Math.floor(at / classes), at % classes, images]);
  });
  return cells;
}

/** The matrix of such cells. */
export function confusionOfCells(
  cells: readonly (readonly [number, number, number])[],
  classes: number,
): Confusion {
  const counts = new Uint32Array(classes * classes);
  for (const [row, column, images] of cells) counts[row * classes + column] = images;
  return { classes, counts };
}

/** The matrix as rows. */
export function confusionRows(confusion: Confusion): number[][] {
  return Array.from({ length: confusion.classes }, (_, row) => [...rowOf(confusion, row)]);
}

/** The images of one true class, `[classes]`. */
export function rowOf({ classes, counts }: Confusion, row: number): Uint32Array {
  return counts.subarray(row * classes, (row + 1) * classes);
}
