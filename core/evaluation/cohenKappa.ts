/** How often two networks give each of the classes to the same images, and how often the same one. */
export interface KappaCounts {
  readonly images: number;
  readonly same: number;
  /** Images by class of each network. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
}

/** Counts the images of `drawn`, or all. `first` and `second`: classes given, `[N]` each. */
export function countForKappa(
  first: Int32Array,
  second: Int32Array,
  classes: number,
  drawn: Uint32Array | null = null,
): KappaCounts {
  const counts = { first: new Uint32Array(classes), second: new Uint32Array(classes) };
  const images = drawn?.length ?? first.length;
  let same = 0;
  for (let at = 0; at < images; at += 1) {
    const image = drawn === null ? at : (drawn[at] ?? 0);
    const [a = 0, b = 0] = [first[image], second[image]];
    counts.first[a] = (counts.first[a] ?? 0) + 1;
    counts.second[b] = (counts.second[b] ?? 0) + 1;
    if (a === b) same += 1;
  }
  return { images, same, ...counts };
}

/**
 * Cohen's kappa (Cohen 1960, "A coefficient of agreement for nominal scales"): `(p - e) / (1 - e)` with the share p of
 * images that get the same class and the share e that would get it if both networks gave their classes independently.
 * 1 for equal classes, 0 for such independent ones. NaN where both give one class to all images.
 */
export function cohenKappa({ images, same, first, second }: KappaCounts): number {
  let expected = 0;
  first.forEach((count, k) => {
    expected += (count / images) * ((second[k] ?? 0) / images);
  });
  return expected === 1 ? NaN : (same / images - expected) / (1 - expected);
}
