/**
 * Shape of one sample, without the batch: `[C, H, W]` for images, `[F]` for feature vectors. The batch is always the
 * leading dimension `N` and never part of a block's shape.
 */
export type Shape = readonly number[];

/** Number of values in one sample. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** `64 × 16 × 16`, as block cards show it. */
export function formatShape(shape: Shape): string {
  return shape.join(' × ');
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, index) => dim === b[index]);
}
