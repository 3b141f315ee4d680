import { describe, expect, it } from 'vitest';
import { drawBeta } from './beta.ts';
import { Draws } from './draws.ts';
import { createMixer } from './mix.ts';

const SIZE = { height: 16, width: 16, channels: 1 };

describe('drawBeta', () => {
  it.each([0.1, 0.2, 1, 3])('has the moments of Beta(%d, %d)', (alpha) => {
    const draws = new Draws();
    const values = Array.from({ length: 20_000 }, (_, key) => {
      draws.open(key, 1);
      return drawBeta(draws, alpha);
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / values.length;
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / (4 * (2 * alpha + 1)), 2);
  });
});

describe('a mixer', () => {
  it('is not there when nothing mixes', () => {
    expect(createMixer({ border: 'black' }, SIZE, new Draws())).toBeNull();
  });

  it('mixup blends both images in the share it gives', () => {
    const mixer = createMixer({ border: 'black', mixup: { alpha: 1, probability: 1 } }, SIZE, new Draws());
    for (let key = 0; key < 50; key += 1) {
      const into = new Uint8Array(256).fill(200);
      const share = mixer?.blend(key, into, 0, new Uint8Array(256).fill(100)) ?? NaN;
      expect(new Set(into)).toEqual(new Set([Math.floor(100 + 100 * share + 0.5)]));
    }
  });

  it('CutMix pastes one box, and its share is the area that is left', () => {
    const mixer = createMixer({ border: 'black', cutmix: { alpha: 1, probability: 1 } }, SIZE, new Draws());
    const shares = Array.from({ length: 200 }, (_, key) => {
      const into = new Uint8Array(256).fill(1);
      const share = mixer?.blend(key, into, 0, new Uint8Array(256)) ?? NaN;
      expect(share).toBe(into.filter((value) => value === 1).length / 256);
      return share;
    });
    expect(Math.min(...shares)).toBeLessThan(0.2);
    expect(Math.max(...shares)).toBeGreaterThan(0.9);
  });

  it('takes partners from the whole set, and acts as often as asked', () => {
    const settings = { border: 'black', mixup: { alpha: 1, probability: 0.25 } } as const;
    const mixer = createMixer(settings, SIZE, new Draws());
    const partners = Array.from({ length: 4000 }, (_, key) => mixer?.partnerOf(key, 10) ?? -1);
    const mixed = partners.filter((partner) => partner >= 0);
    expect(Math.abs(mixed.length - 1000)).toBeLessThan(120);
    expect([...new Set(mixed)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
