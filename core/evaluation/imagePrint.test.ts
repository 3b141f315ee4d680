import { describe, expect, it } from 'vitest';
import { openStream } from '../training/random.ts';
import { correlationOf, openImagePrints, SMALL_SIDE } from './imagePrint.ts';

/** A smooth picture `[side, side, channels]` of a few random waves. */
function picture(seed: number, side: number, channels: number): Uint8Array {
  const random = openStream(seed, 'pictures');
  const waves = Array.from({ length: 6 }, () =>
    Array.from({ length: 3 + channels }, () => random.below(1000) / 1000),
  );
  return Uint8Array.from({ length: side * side * channels }, (_, at) => {
    const [cell, c] = [Math.floor(at / channels), at % channels];
    const [y, x] = [(Math.floor(cell / side) + 0.5) / side, ((cell % side) + 0.5) / side];
    const sum = waves.reduce(
      (total, [a = 0, b = 0, phase = 0, ...strength]) =>
        total + (strength[c] ?? 0) * Math.sin(6.28 * (5 * a * y + 5 * b * x + phase)),
      0,
    );
    return Math.max(0, Math.min(255, Math.round(128 + 40 * sum)));
  });
}

function distance(a: { low: number; high: number }, b: { low: number; high: number }): number {
  const bits = (word: number): number => (word >>> 0).toString(2).replaceAll('0', '').length;
  return bits(a.low ^ b.low) + bits(a.high ^ b.high);
}

describe('openImagePrints', () => {
  it('gives nearly the same for a picture in another size', () => {
    for (const channels of [1, 3])
      for (let seed = 1; seed <= 20; seed += 1) {
        const large = openImagePrints(96, 96, channels)(picture(seed, 96, channels));
        const small = openImagePrints(40, 40, channels)(picture(seed, 40, channels));
        expect(distance(large, small)).toBeLessThanOrEqual(4);
        expect(correlationOf(large.small, small.small)).toBeGreaterThan(0.99);
      }
  });

  it('tells different pictures and mirror images apart', () => {
    const prints = openImagePrints(32, 32, 3);
    const all = Array.from({ length: 40 }, (_, seed) => prints(picture(seed + 1, 32, 3)));
    all.forEach((a, at) =>
      all
        .slice(0, at)
        .forEach((b) => expect(distance(a, b) <= 7 && correlationOf(a.small, b.small) > 0.97).toBe(false)),
    );
    const first = picture(1, 32, 3);
    const mirrored = Uint8Array.from(first, (_, at) => {
      const [y, x, c] = [Math.floor(at / 96), Math.floor((at % 96) / 3), at % 3];
      return first[y * 96 + (31 - x) * 3 + c] ?? 0;
    });
    expect(distance(prints(first), prints(mirrored))).toBeGreaterThan(7);
  });

  it('keeps the mean of an image smaller than its hash, in a single pixel', () => {
    const print = openImagePrints(1, 1, 3)(Uint8Array.of(10, 20, 30));
    expect(print.small).toHaveLength(SMALL_SIDE * SMALL_SIDE * 3);
    expect([...print.small.subarray(0, 3)]).toEqual([10, 20, 30]);
    expect([print.low, print.high]).toEqual([0, 0]);
  });
});

describe('correlationOf', () => {
  it('compares flat pictures by their level', () => {
    const flat = (level: number): Uint8Array => new Uint8Array(16).fill(level);
    expect(correlationOf(flat(10), flat(11))).toBe(1);
    expect(correlationOf(flat(10), flat(60))).toBe(0);
    const striped = Uint8Array.from({ length: 16 }, (_, at) => (at % 2) * 200);
    expect(correlationOf(flat(100), striped)).toBe(0);
    expect(correlationOf(striped, striped)).toBeCloseTo(1, 12);
  });
});
