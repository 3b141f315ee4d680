import type { Component } from './components.ts';
import { Deviation } from './deviation.ts';

/** Up to this many components, every choice is tried. */
const TRY_ALL = 14;
/** Up to this many components, pairs are exchanged while that reduces the deviation. */
const TRY_PAIRS = 300;
const PASSES = 8;
const EPSILON = 1e-9;

/**
 * Chooses components for validation, as near to `share` of the images as whole components allow, for the whole set and
 * in each class; every class keeps an image for training. Deterministic: components are taken in the order of their
 * ranks. Empty when none can be chosen.
 */
export function chooseComponents(components: readonly Component[], share: number): Set<Component> {
  const free = components.filter(({ mustTrain }) => !mustTrain);
  const chosen = free.length <= TRY_ALL ? tryAll(components, free, share) : improve(components, free, share);
  if (chosen.size > 0) return chosen;
  const smallest = free.reduce<Component | null>(
    (best, next) => (best === null || next.members.length < best.members.length ? next : best),
    null,
  );
  return new Set(smallest === null ? [] : [smallest]);
}

/** Enumerates all choices in Gray code order, where each differs from the previous one by one component. */
function tryAll(components: readonly Component[], free: readonly Component[], share: number): Set<Component> {
  const deviation = new Deviation(components, share);
  const usage = new Usage(components);
  const now = new Set<Component>();
  let best = new Set<Component>();
  let [sum, least] = [0, 0];
  for (let turn = 1; turn < 2 ** free.length; turn += 1) {
    const component = free[31 - Math.clz32(turn & -turn)];
    if (component === undefined) break;
    const sign = now.has(component) ? -1 : 1;
    sum += deviation.change(component, sign);
    deviation.move(component, sign);
    usage.move(component, sign);
    if (sign === 1) now.add(component);
    else now.delete(component);
    if (sum < least - EPSILON && usage.leavesAll) [least, best] = [sum, new Set(now)];
  }
  return best;
}

/** Counts the classes without any image left. */
class Usage {
  private readonly left = new Map<number, number>();
  private usedUp = 0;

  constructor(components: readonly Component[]) {
    for (const component of components) this.move(component, -1);
    this.usedUp = 0;
  }

  get leavesAll(): boolean {
    return this.usedUp === 0;
  }

  move({ counts }: Component, sign: 1 | -1): void {
    for (const [classIndex, count] of counts) {
      const before = this.left.get(classIndex) ?? 0;
      const after = before - sign * count;
      this.left.set(classIndex, after);
      if (before > 0 && after === 0) this.usedUp += 1;
      if (before === 0 && after > 0) this.usedUp -= 1;
    }
  }
}

/** Adds or removes components while that reduces the deviation, and exchanges pairs. */
function improve(
  components: readonly Component[],
  free: readonly Component[],
  share: number,
): Set<Component> {
  const deviation = new Deviation(components, share);
  const chosen = new Set<Component>();
  for (let pass = 0; pass < PASSES; pass += 1) {
    const moved = toggleAll(free, deviation, chosen);
    const exchanged = free.length <= TRY_PAIRS && exchangePairs(free, deviation, chosen);
    if (!moved && !exchanged) break;
  }
  return chosen;
}

function toggleAll(free: readonly Component[], deviation: Deviation, chosen: Set<Component>): boolean {
  let moved = false;
  for (const component of free) {
    const sign = chosen.has(component) ? -1 : 1;
    if (sign === 1 && deviation.wouldUseUp(component)) continue;
    if (deviation.change(component, sign) >= -EPSILON) continue;
    deviation.move(component, sign);
    if (sign === 1) chosen.add(component);
    else chosen.delete(component);
    moved = true;
  }
  return moved;
}

function exchangePairs(free: readonly Component[], deviation: Deviation, chosen: Set<Component>): boolean {
  let moved = false;
  for (const out of free.filter((component) => chosen.has(component))) {
    const released = deviation.change(out, -1);
    deviation.move(out, -1);
    const better = free.find(
      (other) =>
        !chosen.has(other) &&
        !deviation.wouldUseUp(other) &&
        released + deviation.change(other, 1) < -EPSILON,
    );
    deviation.move(better ?? out, 1);
    if (better === undefined) continue;
    chosen.delete(out);
    chosen.add(better);
    moved = true;
  }
  return moved;
}
