import { mix32 } from '../program/dropoutHash.ts';

/** A stream of random numbers; the same seed and purpose give the same numbers on every machine. */
export interface RandomStream {
  /** Uniform over 0 … 2^32 - 1. */
  uint32(): number;
  /** Uniform over [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform over 0 … bound - 1 without bias; `bound` from 1 to 2^32. */
  below(bound: number): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * Opens the stream of one `purpose` (`shuffle:3`, `init:conv1.weights`) for a run's seed. The generator is xoshiro128**
 * (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021). Its four state words are `mix32` of
 * the seed, the purpose's FNV-1a hash and the word's index, so streams of different purposes are unrelated.
 */
export function openStream(seed: number, purpose: string): RandomStream {
  const root = mix32(mix32(seed) ^ mix32(fnv1a(purpose)));
  const next = xoshiro128(
    [1, 2, 3, 4].map((word) => mix32(root + Math.imul(word, 0x9e3779b9))) as [number, number, number, number],
  );
  return {
    uint32: next,
    uniform: () => uniform(next),
    below: (bound) => below(next, bound),
    normal: normals(next),
  };
}

/**
 * Key of all random draws in step `step` (from 0), unsigned 32-bit. It depends only on the seed and the step, so a
 * resumed run drops the same values.
 */
export function stepKey(seed: number, step: number): number {
  return mix32(mix32(seed ^ 0x51ed270b) + mix32(step));
}

/**
 * Order in which epoch `epoch` (from 0) visits `size` samples: a Fisher-Yates shuffle (Durstenfeld 1964) that depends
 * only on seed and epoch, or 0, 1, 2, … without `shuffle`.
 */
export function epochOrder(size: number, seed: number, epoch: number, shuffle: boolean): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  if (!shuffle) return order;
  const random = openStream(seed, `shuffle:${epoch}`);
  for (let last = size - 1; last > 0; last -= 1) {
    const pick = random.below(last + 1);
    const moved = order[pick] ?? 0;
    order[pick] = order[last] ?? 0;
    order[last] = moved;
  }
  return order;
}

/** The generator with its four state words, not all zero. */
export function xoshiro128(words: [number, number, number, number]): () => number {
  let [a, b, c, d] = words;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function uniform(next: () => number): number {
  const high = next() >>> 5;
  const low = next() >>> 6;
  return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
}

/** Rejects values above the largest multiple of `bound`, which would favor small remainders. */
function below(next: () => number, bound: number): number {
  const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
  let value = next();
  while (value >= limit) value = next();
  return value % bound;
}

/** Box-Muller transform; uses both values of a pair. */
function normals(next: () => number): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(next)));
    const angle = 2 * Math.PI * uniform(next);
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
