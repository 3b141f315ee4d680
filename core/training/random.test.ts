import { describe, expect, it } from 'vitest';
import { epochOrder, openStream, stepKey, xoshiro128 } from './random.ts';

/** The published C code of xoshiro128**, with big integers. */
function* published(words: [bigint, bigint, bigint, bigint]): Generator<number> {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const s = words;
  for (;;) {
    yield Number((rotl((s[1] * 5n) & mask, 7n) * 9n) & mask);
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
  }
}

describe('xoshiro128', () => {
  it('gives the published sequence', () => {
    const next = xoshiro128([1, 2, 3, 4]);
    const expected = published([1n, 2n, 3n, 4n]);
    const ours = Array.from({ length: 1000 }, next);
    expect(ours).toEqual(Array.from({ length: 1000 }, () => expected.next().value as number));
    expect(ours.slice(0, 4)).toEqual([11520, 0, 5927040, 70819200]);
  });
});

describe('openStream', () => {
  it('is pinned: a change here would change every run', () => {
    const random = openStream(1, 'init:conv1.weights');
    expect(Array.from({ length: 3 }, () => random.uint32())).toMatchInlineSnapshot(`
      [
        1473360219,
        1147700691,
        518376331,
      ]
    `);
  });

  it('gives different streams to different seeds and purposes', () => {
    const heads = ['a', 'b', 'ab', 'ba', ''].flatMap((purpose) =>
      [0, 1, 2, 0xffffffff].map((seed) => openStream(seed, purpose).uint32()),
    );
    expect(new Set(heads).size).toBe(heads.length);
  });

  it('draws uniform and normal numbers with the right moments', () => {
    const random = openStream(7, 'moments');
    const count = 200_000;
    const uniforms = Array.from({ length: count }, () => random.uniform());
    const normals = Array.from({ length: count }, () => random.normal());
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.min(...uniforms.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms.slice(0, 1000))).toBeLessThan(1);
    expect(mean(uniforms)).toBeCloseTo(0.5, 2);
    expect(mean(uniforms.map((u) => (u - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
    expect(mean(normals)).toBeCloseTo(0, 2);
    expect(mean(normals.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(mean(normals.map((x) => x ** 4))).toBeCloseTo(3, 0);
  });

  it('draws below a bound without bias', () => {
    const random = openStream(3, 'below');
    const hits = new Array<number>(6).fill(0);
    for (let n = 0; n < 60_000; n += 1) {
      const value = random.below(6);
      hits[value] = (hits[value] ?? 0) + 1;
    }
    expect(hits.every((count) => Math.abs(count - 10_000) < 400)).toBe(true);
  });
});

describe('epochOrder', () => {
  it('is a permutation that depends on seed and epoch alone', () => {
    const order = epochOrder(101, 5, 2, true);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 101 }, (_, index) => index));
    expect(epochOrder(101, 5, 2, true)).toEqual(order);
    expect(epochOrder(101, 5, 3, true)).not.toEqual(order);
    expect(epochOrder(101, 6, 2, true)).not.toEqual(order);
  });

  it('reaches all orders of three about equally often', () => {
    const seen = new Map<string, number>();
    for (let epoch = 0; epoch < 6000; epoch += 1) {
      const key = epochOrder(3, 1, epoch, true).join();
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    expect([...seen.values()].every((count) => Math.abs(count - 1000) < 150)).toBe(true);
  });

  it('keeps the order without shuffling', () => {
    expect([...epochOrder(4, 1, 9, false)]).toEqual([0, 1, 2, 3]);
  });
});

describe('stepKey', () => {
  it('differs from step to step and seed to seed', () => {
    const keys = [0, 1, 2, 3].flatMap((seed) =>
      Array.from({ length: 500 }, (_, step) => stepKey(seed, step)),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
