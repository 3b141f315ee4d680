import { openStream } from '#core/training/random.ts';

/** Which draw of companions: those of the same key and purpose are always the same. */
export interface Draw {
  /** Unsigned 32-bit number that depends on the picture alone. */
  readonly key: number;
  readonly purpose: string;
}

/**
 * Draws `count` of the numbers in `among`, each subset with the same probability (Floyd's algorithm; Bentley and Floyd,
 * "Programming pearls: a sample of brilliance", 1987). Returns all of them where there are not more.
 */
export function drawCompanions(among: Uint32Array, count: number, { key, purpose }: Draw): Uint32Array {
  if (among.length <= count) return among.slice();
  const random = openStream(key, purpose);
  const chosen = new Set<number>();
  for (let last = among.length - count; last < among.length; last += 1) {
    const place = random.below(last + 1);
    chosen.add(chosen.has(place) ? last : place);
  }
  return Uint32Array.from(chosen, (place) => among[place] ?? 0);
}
