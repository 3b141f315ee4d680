import { describe, expect, it } from 'vitest';
import { classQuotas, openSampler } from './sampler.ts';

const classNames = ['cat', 'dog', 'owl'];
/** 60 cats, 30 dogs, 10 owls. */
const labels = Int32Array.from({ length: 100 }, (_, sample) => (sample < 60 ? 0 : sample < 90 ? 1 : 2));
const subject = { labels, classNames, seed: 5, shuffle: true };

function countsOf(order: Uint32Array): number[] {
  const counts = [0, 0, 0];
  for (const sample of order) {
    const label = labels[sample] ?? -1;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}

describe('openSampler', () => {
  it('visits every image once, in another order each epoch, under "all"', () => {
    const order = openSampler({ kind: 'all' }, subject);
    expect([...order(0)].sort((a, b) => a - b)).toEqual([...labels.keys()]);
    expect(order(0)).not.toEqual(order(1));
    expect(order(1)).toEqual(openSampler({ kind: 'all' }, subject)(1));
  });

  it('shares an epoch out evenly to the classes under "balanced"', () => {
    const order = openSampler({ kind: 'balanced' }, subject);
    expect(order(0).length).toBe(100);
    expect(countsOf(order(0))).toEqual([34, 33, 33]);
    expect(countsOf(order(7))).toEqual([34, 33, 33]);
  });

  it('uses every image of a class equally often over the epochs', () => {
    const order = openSampler({ kind: 'balanced' }, subject);
    const seen = new Map<number, number>();
    for (let epoch = 0; epoch < 60; epoch += 1) {
      for (const sample of order(epoch)) seen.set(sample, (seen.get(sample) ?? 0) + 1);
    }
    // 60 epochs of 34 cats use 34 decks of 60, and 60 epochs of 33 owls use 198 decks of 10.
    for (let sample = 0; sample < 60; sample += 1) expect(seen.get(sample)).toBe(34);
    for (let sample = 90; sample < 100; sample += 1) expect(seen.get(sample)).toBe(198);
  });

  it('weighs the images of named classes under "weighted"', () => {
    const order = openSampler({ kind: 'weighted', weights: { owl: 4, dog: 0 } }, subject);
    expect(countsOf(order(0))).toEqual([60, 0, 40]);
  });

  it('gives weight 1 to a class that is called as what every object has', () => {
    const names = ['constructor', 'toString', '__proto__'];
    const order = openSampler(
      { kind: 'weighted', weights: { toString: 0 } },
      { ...subject, classNames: names },
    );
    expect(countsOf(order(0))).toEqual([86, 0, 14]);
  });

  it('gives an epoch that does not depend on the epochs asked for before', () => {
    const walked = openSampler({ kind: 'balanced' }, subject);
    for (let epoch = 0; epoch < 9; epoch += 1) walked(epoch);
    expect(walked(9)).toEqual(openSampler({ kind: 'balanced' }, subject)(9));
  });

  it('keeps the folder order without shuffling', () => {
    const order = openSampler({ kind: 'balanced' }, { ...subject, shuffle: false })(0);
    expect(order).toEqual(order.slice().sort());
  });

  it('refuses weights of classes that are not there, and weights that leave nothing', () => {
    expect(() => openSampler({ kind: 'weighted', weights: { fox: 2 } }, subject)).toThrow(
      /“fox”.*cat, dog, owl/,
    );
    const nothing = { kind: 'weighted', weights: { cat: 0, dog: 0, owl: 0 } } as const;
    expect(() => openSampler(nothing, subject)).toThrow(/leaves out every class/);
  });
});

describe('classQuotas', () => {
  it('adds up to the number of images, rounding by largest remainders', () => {
    expect(classQuotas([60, 30, 10], [1, 1, 1])).toEqual([60, 30, 10]);
    expect(classQuotas([5, 5, 1], [1 / 5, 1 / 5, 1])).toEqual([4, 4, 3]);
  });
});
