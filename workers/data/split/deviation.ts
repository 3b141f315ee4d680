import type { Component } from './components.ts';

/**
 * Deviation of a part from its intended share: the squared difference of its number of images from the target, times
 * the number of classes, plus the squared differences of each class. Counts are updated component by component.
 */
export class Deviation {
  private readonly share: number;
  private readonly totals: ReadonlyMap<number, number>;
  private readonly taken = new Map<number, number>();
  private readonly images: number;
  private count = 0;

  /** `share` of all images of `components`, 0 to 1. */
  constructor(components: readonly Component[], share: number) {
    const totals = new Map<number, number>();
    for (const { counts } of components)
      for (const [classIndex, count] of counts) totals.set(classIndex, (totals.get(classIndex) ?? 0) + count);
    this.totals = totals;
    this.share = share;
    this.images = components.reduce((sum, { members }) => sum + members.length, 0);
  }

  get size(): number {
    return this.count;
  }

  /** The change of the deviation when `component` is added (`sign` 1) or removed (-1). */
  change({ counts, members }: Component, sign: 1 | -1): number {
    let sum = this.totals.size * squareChange(this.count - this.share * this.images, sign * members.length);
    for (const [classIndex, count] of counts) {
      const wanted = this.share * (this.totals.get(classIndex) ?? 0);
      sum += squareChange((this.taken.get(classIndex) ?? 0) - wanted, sign * count);
    }
    return sum;
  }

  move({ counts, members }: Component, sign: 1 | -1): void {
    this.count += sign * members.length;
    for (const [classIndex, count] of counts)
      this.taken.set(classIndex, (this.taken.get(classIndex) ?? 0) + sign * count);
  }

  /** True when adding the component would leave one of its classes without an image outside this part. */
  wouldUseUp({ counts }: Component): boolean {
    for (const [classIndex, count] of counts)
      if ((this.taken.get(classIndex) ?? 0) + count >= (this.totals.get(classIndex) ?? 0)) return true;
    return false;
  }
}

function squareChange(distance: number, step: number): number {
  return step * (2 * distance + step);
}
