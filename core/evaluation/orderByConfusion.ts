import { must } from '../diagnostics/invariantError.ts';

/** A cell of a confusion matrix: true class, class given, images. */
type Cell = readonly [number, number, number];

/**
 * An order of `classes` classes in which those that are confused are neighbours: hierarchical clustering with average
 * linkage (UPGMA, Sokal and Michener 1958), found along chains of nearest neighbours (Murtagh 1983) in O(classes^2).
 * The similarity of two classes is the mean of the shares of each that were given to the other. Two clusters are joined
 * at their most similar ends. Clusters that share no image follow each other, that with the most confused images first.
 * Equal ones keep the order of the classes, so the same matrix has the same order.
 */
export function orderByConfusion(cells: readonly Cell[], classes: number): Uint32Array {
  const similarity = similarityOf(cells, classes);
  const clusters = mergeAll(similarity, classes).map((members) => ({
    members,
    first: members.reduce((least, k) => Math.min(least, k), classes),
    images: 0,
  }));
  const clusterOf = new Uint32Array(classes);
  clusters.forEach(({ members }, at) => members.forEach((k) => (clusterOf[k] = at)));
  for (const [truth, decided, images] of cells)
    if (truth !== decided) must(clusters[clusterOf[truth] ?? 0], 'cluster of a class').images += images;
  clusters.sort((a, b) => b.images - a.images || a.first - b.first);
  return Uint32Array.from(clusters.flatMap(({ members }) => members));
}

/** `[classes, classes]`, symmetric, 0 on the diagonal. */
function similarityOf(cells: readonly Cell[], classes: number): Float64Array {
  const support = new Float64Array(classes);
  for (const [truth, , images] of cells) support[truth] = (support[truth] ?? 0) + images;
  const similarity = new Float64Array(classes * classes);
  for (const [truth, decided, images] of cells) {
    if (truth === decided) continue;
    const half = images / (support[truth] ?? NaN) / 2;
    for (const at of [truth * classes + decided, decided * classes + truth])
      similarity[at] = (similarity[at] ?? 0) + half;
  }
  return similarity;
}

/** Merges clusters while any two are similar; returns the members of each that is left, in their order. */
function mergeAll(similarity: Float64Array, classes: number): number[][] {
  const linkage = similarity.slice();
  const members: (number[] | null)[] = Array.from({ length: classes }, (_, k) => [k]);
  const isOpen = new Uint8Array(classes).fill(1);
  const finished: number[][] = [];
  const chain: number[] = [];
  for (;;) {
    if (chain.length === 0) {
      const start = isOpen.indexOf(1);
      if (start < 0) return finished;
      chain.push(start);
    }
    const last = must(chain.at(-1), 'end of the chain');
    const former = chain.at(-2) ?? -1;
    const nearest = nearestTo(linkage, last, former, isOpen);
    if (nearest < 0) {
      finished.push(must(members[last], 'members of a cluster'));
      isOpen[last] = 0;
      chain.pop();
    } else if (nearest === former) {
      chain.length -= 2;
      join(Math.min(last, nearest), Math.max(last, nearest));
    } else chain.push(nearest);
  }

  /** Puts the members of cluster `gone` into cluster `kept`. */
  function join(kept: number, gone: number): void {
    const [first, second] = [must(members[kept], 'first cluster'), must(members[gone], 'second cluster')];
    linkTogether(linkage, { kept, gone, sizes: [first.length, second.length] });
    members[kept] = joinedEnds(first, second, (a, b) => similarity[a * classes + b] ?? 0);
    members[gone] = null;
    isOpen[gone] = 0;
  }
}

/** The open cluster that is most similar to `cluster`, in a tie `former`, else the first; -1 where none is similar. */
function nearestTo(linkage: Float64Array, cluster: number, former: number, isOpen: Uint8Array): number {
  const classes = isOpen.length;
  const row = linkage.subarray(cluster * classes, (cluster + 1) * classes);
  let [nearest, most] = former < 0 ? [-1, 0] : [former, row[former] ?? 0];
  for (let other = 0; other < classes; other += 1) {
    const value = row[other] ?? 0;
    if (value > most && isOpen[other] === 1 && other !== cluster) [nearest, most] = [other, value];
  }
  return nearest;
}

/** Average linkage by Lance and Williams: the mean over the members of both. */
function linkTogether(
  linkage: Float64Array,
  { kept, gone, sizes: [a, b] }: { kept: number; gone: number; sizes: readonly [number, number] },
): void {
  const classes = Math.sqrt(linkage.length);
  for (let other = 0; other < classes; other += 1) {
    const [own, its] = [linkage[kept * classes + other] ?? 0, linkage[gone * classes + other] ?? 0];
    const mean = (a * own + b * its) / (a + b);
    linkage[kept * classes + other] = mean;
    linkage[other * classes + kept] = mean;
  }
}

/** Both lists, each in its order or reversed, so that the ends that meet are as similar as possible. */
function joinedEnds(
  first: readonly number[],
  second: readonly number[],
  similarityOfTwo: (a: number, b: number) => number,
): number[] {
  const end = (list: readonly number[], at: 0 | -1): number => must(list.at(at), 'end of a cluster');
  const ways = [
    { near: -1, far: 0 },
    { near: -1, far: -1 },
    { near: 0, far: 0 },
    { near: 0, far: -1 },
  ] as const;
  const values = ways.map(({ near, far }) => similarityOfTwo(end(first, near), end(second, far)));
  const { near, far } = must(ways[values.indexOf(Math.max(...values))], 'a way to join');
  return [...(near === -1 ? first : first.toReversed()), ...(far === 0 ? second : second.toReversed())];
}
