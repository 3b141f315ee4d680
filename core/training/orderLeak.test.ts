import { describe, expect, it } from 'vitest';
import { batchSizes, planEpoch } from './epochPlan.ts';
import { measureOrder } from './orderLeak.ts';
import { epochOrder } from './random.ts';

/** Ten classes of 100 images, in folder order. */
const labels = Int32Array.from({ length: 1000 }, (_, sample) => Math.floor(sample / 100));
const batches = batchSizes(planEpoch(1000, 32, 'keep'));
const measure = (order: Uint32Array) => measureOrder(labels, order, batches, 10);

describe('measureOrder', () => {
  it('finds the folder order leaking: batches of one or two classes', () => {
    const mix = measure(epochOrder(1000, 1, 0, false));
    expect(mix.leaks).toBe(true);
    expect(mix.betweenShare).toBeGreaterThan(0.8);
    expect(mix.classEntropy).toBeLessThan(0.5);
    expect(mix.classEntropyOfAll).toBeCloseTo(Math.log2(10), 12);
  });

  it('never finds a shuffled order leaking, over 300 epochs', () => {
    for (let epoch = 0; epoch < 300; epoch += 1) {
      const mix = measure(epochOrder(1000, 3, epoch, true));
      expect(mix.leaks).toBe(false);
      expect(mix.betweenShare).toBeLessThan(0.06);
    }
  });

  it('gives the expected share on average over shuffled orders', () => {
    let sum = 0;
    for (let epoch = 0; epoch < 300; epoch += 1)
      sum += measure(epochOrder(1000, 4, epoch, true)).betweenShare;
    expect(sum / 300).toBeCloseTo(measure(epochOrder(1000, 4, 0, true)).betweenShareShuffled, 3);
  });

  it('finds an order whose classes come in blocks larger than a batch, though shuffled within', () => {
    const blocks = epochOrder(1000, 1, 0, false);
    for (let start = 0; start < 1000; start += 200) {
      const inner = epochOrder(200, start, 0, true);
      blocks.set(
        inner.map((value) => value + start),
        start,
      );
    }
    expect(measure(blocks).leaks).toBe(true);
  });

  it('says nothing of a single batch or a single class', () => {
    const order = epochOrder(1000, 1, 0, false);
    expect(measureOrder(labels, order, [1000], 10)).toMatchObject({ leaks: false, betweenShare: 0 });
    expect(measureOrder(new Int32Array(1000), order, batches, 1)).toMatchObject({
      leaks: false,
      betweenShare: 0,
    });
  });
});
