import { describe, expect, it } from 'vitest';
import { classShares, type LabelledProbabilities } from './labelledProbabilities.ts';
import { findDoubtfulLabels } from './doubtfulLabels.ts';

function imagesOf(labels: readonly number[], rows: readonly (readonly number[])[]): LabelledProbabilities {
  const classes = rows[0]?.length ?? 0;
  return {
    ...{ count: labels.length, classes, labels: Int32Array.from(labels) },
    read: (start, end) => Promise.resolve(Float64Array.from(rows.slice(start, end).flat())),
  };
}
const noTick = (): undefined => undefined;

describe('findDoubtfulLabels', () => {
  it('follows the definition on a case computed by hand', async () => {
    // Thresholds: class 0 (0.8 + 0.6 + 0.1) / 3 = 0.5, class 1 (0.7 + 0.3) / 2 = 0.5, class 2 (0.9 + 0.35) / 2 = 0.625.
    const found = await findDoubtfulLabels(
      imagesOf(
        [0, 0, 0, 1, 1, 2, 2],
        [
          [0.8, 0.1, 0.1],
          [0.6, 0.3, 0.1],
          // Above the threshold of class 1: doubtful, margin 0.1 - 0.8.
          [0.1, 0.8, 0.1],
          [0.2, 0.7, 0.1],
          // The most probable class, 2, does not reach its threshold, and no other does: not counted.
          [0.1, 0.3, 0.6],
          [0.05, 0.05, 0.9],
          // Class 1 reaches its threshold: margin 0.35 - 0.5.
          [0.15, 0.5, 0.35],
        ],
      ),
      noTick,
    );
    expect([...found.thresholds].map((value) => Number(value.toFixed(12)))).toEqual([0.5, 0.5, 0.625]);
    expect(found.images.map(({ image, label, suggested }) => [image, label, suggested])).toEqual([
      [2, 0, 1],
      [6, 2, 1],
    ]);
    expect(found.images.map(({ margin }) => margin)).toEqual([
      expect.closeTo(-0.7, 12),
      expect.closeTo(-0.15, 12),
    ]);
  });

  it('suggests no class without images, and none that is less probable than the label', async () => {
    const found = await findDoubtfulLabels(
      imagesOf(
        [0, 0, 1, 1],
        [
          [0.95, 0.04, 0.01],
          // Below the threshold of its own class, above that of class 1, and still the most probable.
          [0.55, 0.44, 0.01],
          [0.3, 0.35, 0.35],
          [0.09, 0.01, 0.9],
        ],
      ),
      noTick,
    );
    expect(found.thresholds[2]).toBe(Infinity);
    expect(found.images).toEqual([]);
  });

  it('finds planted wrong labels among many images', async () => {
    // A network that is right with 0.78 to 0.9; every eleventh label is moved to the next class. The thresholds are
    // then about 10/11 of 0.84.
    const [classes, count] = [5, 1100];
    const truth = Array.from({ length: count }, (_, image) => (image * 7) % classes);
    const isPlanted = (image: number): boolean => image % 11 === 3;
    const rows = truth.map((own, image) => {
      const sure = 0.78 + (0.12 * ((image * 37) % 101)) / 101;
      return Array.from({ length: classes }, (_, k) => (k === own ? sure : (1 - sure) / (classes - 1)));
    });
    const labels = truth.map((own, image) => (isPlanted(image) ? (own + 1) % classes : own));
    const { images } = await findDoubtfulLabels(imagesOf(labels, rows), noTick);
    expect(images.map(({ image }) => image).sort((a, b) => a - b)).toEqual(
      [...truth.keys()].filter(isPlanted),
    );
    for (const { image, suggested } of images) expect(suggested).toBe(truth[image]);
  });
});

describe('classShares', () => {
  it('sums to 1 for every readout', () => {
    expect(classShares('sigmoid', [0, 0])).toEqual([0.5, 0.5]);
    expect(classShares('clip', [0.2, 0.6])).toEqual([expect.closeTo(0.25), expect.closeTo(0.75)]);
    expect(classShares('clip', [-1, -2, 0])).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(classShares('sigmoid', [0])).toEqual([0.5, 0.5]);
  });
});
