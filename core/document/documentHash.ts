import type { GraphDocument } from './schema.ts';
import { sortKeys } from './serialize.ts';

/** Two 32-bit lanes with different seeds: 64 bits are enough to distinguish the documents of one user. */
const SEEDS = [0x811c9dc5, 0x9747b28c] as const;
const PRIME = 0x01000193;

/**
 * Returns sixteen hexadecimal digits that identify the settings of a run: network, training and data settings, and the
 * starting weights. Id, name and the positions of blocks on the canvas are not included. It is not a cryptographic
 * hash.
 */
export function documentHash({ graph, training, data, start }: GraphDocument): string {
  const text = JSON.stringify(sortKeys({ graph, training, data, ...(start === undefined ? {} : { start }) }));
  return SEEDS.map((seed) => lane(text, seed)).join('');
}

/** FNV-1a over UTF-16 code units, with the final mixing of MurmurHash3. */
function lane(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
