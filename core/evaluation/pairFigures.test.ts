import { describe, expect, it } from 'vitest';
import { cohenKappa, countForKappa } from './cohenKappa.ts';
import { rowsInMemory, type LogitRows } from './logitRows.ts';
import { computePairFigures, type JudgedPair } from './pairFigures.ts';
import { differingImages, PAIR_LISTS } from './pairLists.ts';
import { newcombeInterval } from './pairedInterval.ts';
import { pairImages, type PairedImages } from './pairImages.ts';
import { sampleOutputs } from './testing/sampleOutputs.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const COUNT = 60;

/** As `sampleOutputs`, with other logits: i is 5 larger in all but the label. */
function otherOutputs(classes: number): LogitRows {
  const { labels, readout } = sampleOutputs(COUNT, classes, 'softmax');
  const logits = Float32Array.from({ length: COUNT * classes }, (_, at) => {
    const [image, k] = [Math.floor(at / classes), at % classes];
    const i = image + 5;
    return (
      ((37 * i + 101 * k + 7 * i * k + 13 * i * i) % 97) / 16 - 3 + (k === labels[image] ? 2 : 0) + k / 1024
    );
  });
  return rowsInMemory(logits, labels, { width: classes, readout });
}

function compare(first: LogitRows, second: LogitRows, pairs: PairedImages): Promise<JudgedPair> {
  return computePairFigures({ first, second }, pairs, { classNames: NAMES, tick: () => undefined });
}

const allImages = (): PairedImages => {
  const side = {
    ...{ classNames: NAMES, labels: sampleOutputs(COUNT, 4, 'softmax').labels },
    digestOf: (image: number) => String(image),
  };
  return pairImages(side, side);
};

describe('computePairFigures', async () => {
  const [first, second] = [sampleOutputs(COUNT, 4, 'softmax'), otherOutputs(4)];
  const { figures, matrix, scores } = await compare(first, second, allImages());

  it('agrees with SciPy and scikit-learn', () => {
    expect(figures.right).toEqual({ both: 24, onlyFirst: 14, onlySecond: 15, neither: 7 });
    expect(figures.mcnemar).toMatchObject({ method: 'corrected', statistic: 0, pValue: 1 });
    expect(figures.kappa?.value).toBeCloseTo(0.2617449664429531, 12);
    expect(figures.agreement?.value).toBeCloseTo(0.45, 12);
    expect(figures.first.logLoss?.value).toBeCloseTo(1.0520660575147605, 9);
    expect(figures.second.logLoss?.value).toBeCloseTo(0.8685506304407687, 9);
    expect(figures.logLossDifference?.value).toBeCloseTo(-0.18351542707399157, 9);
    expect(figures.probabilityGap?.mean).toBeCloseTo(0.24836967167785567, 9);
    expect(figures.probabilityGap?.largest).toBeCloseTo(0.9341153039544754, 9);
  });

  it('counts the same images by class, in the matrix and in the lists', () => {
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(sum(figures.perClass.map(({ onlyFirst }) => onlyFirst))).toBe(14);
    expect(sum(figures.perClass.map(({ support }) => support))).toBe(COUNT);
    expect(sum([...matrix.counts])).toBe(COUNT);
    expect(sum([0, 5, 10, 15].map((at) => matrix.counts[at] ?? 0))).toBe(0.45 * COUNT);
    const sizes = PAIR_LISTS.map((list) => differingImages(scores, list).length);
    expect(sizes.slice(0, 2)).toEqual([15, 14]);
    expect(sum(sizes)).toBe(0.55 * COUNT);
  });

  it('lists the images with the largest difference of the true class’s probability first', () => {
    for (const list of PAIR_LISTS) {
      const gaps = [...differingImages(scores, list)].map((image) =>
        Math.abs((scores.first.ownProbability[image] ?? 0) - (scores.second.ownProbability[image] ?? 0)),
      );
      expect(gaps).toEqual(gaps.toSorted((a, b) => b - a));
    }
    expect(differingImages(scores, 'onlyFirst', 3)).toEqual(differingImages(scores, 'onlyFirst').slice(0, 3));
  });

  it('has intervals around its differences that say how they were found', () => {
    for (const [found, method] of [
      [figures.accuracyDifference, 'newcombe'],
      [figures.logLossDifference, 'bootstrap'],
      [figures.kappa, 'bootstrap'],
    ] as const) {
      expect(found?.method).toBe(method);
      expect(found?.interval?.low).toBeLessThan(found?.value ?? NaN);
      expect(found?.interval?.high).toBeGreaterThan(found?.value ?? NaN);
    }
  });

  it('does not depend on the order of the images and of the classes', async () => {
    const order = Uint32Array.from({ length: COUNT }, (_, at) => (at * 7) % COUNT);
    const turned = [2, 0, 3, 1];
    const logits = await second.read(0, COUNT);
    const shuffled = rowsInMemory(
      Float32Array.from({ length: COUNT * 4 }, (_, at) => {
        const image = order[Math.floor(at / 4)] ?? 0;
        return logits[image * 4 + (turned[at % 4] ?? 0)] ?? NaN;
      }),
      Int32Array.from(order, (image) => turned.indexOf(second.labels[image] ?? -1)),
      { width: 4, readout: 'softmax' },
    );
    const pairs = pairImages(
      { classNames: NAMES, labels: first.labels, digestOf: (image) => String(image) },
      {
        ...{ classNames: turned.map((k) => NAMES[k] ?? ''), labels: shuffled.labels },
        digestOf: (image) => String(order[image]),
      },
    );
    const again = await compare(first, shuffled, pairs);
    expect(again.figures).toEqual(figures);
    expect(again.matrix).toEqual(matrix);
  });

  it('has no difference between a network and itself', async () => {
    const same = await compare(first, first, allImages());
    expect(same.figures.accuracyDifference?.value).toBe(0);
    expect(same.figures.probabilityGap).toEqual({ mean: 0, largest: 0 });
    expect(same.figures.kappa?.value).toBe(1);
    expect(same.figures.mcnemar.pValue).toBe(1);
    expect(PAIR_LISTS.map((list) => differingImages(same.scores, list).length)).toEqual([0, 0, 0]);
  });

  it('says how many images have outputs that are not finite, without figures of probabilities', async () => {
    const logits = (await first.read(0, COUNT)).slice();
    logits[7] = NaN;
    const broken = rowsInMemory(logits, first.labels, first);
    const found = await compare(broken, second, allImages());
    expect(found.figures.notFinite).toBe(1);
    expect(found.figures.logLossDifference).toBeNull();
    expect(found.figures.probabilityGap).toBeNull();
  });
});

describe('newcombeInterval', () => {
  it.each([
    // Fagerland, Lydersen and Laake 2014, table of intervals for the hyper-responsiveness data: second - first.
    [{ both: 1, onlyFirst: 7, onlySecond: 1, neither: 12 }, -0.507, -0.026],
    // Newcombe 1998, table II, method 10.
    [{ both: 20, onlyFirst: 2, onlySecond: 12, neither: 16 }, 0.0562, 0.3292],
    [{ both: 36, onlyFirst: 2, onlySecond: 12, neither: 0 }, 0.0569, 0.3404],
  ])('gives the published interval of %o', (counts, low, high) => {
    const found = newcombeInterval(counts);
    expect(found.low).toBeCloseTo(low, 3);
    expect(found.high).toBeCloseTo(high, 3);
    const turned = newcombeInterval({
      ...{ both: counts.both, neither: counts.neither },
      ...{ onlyFirst: counts.onlySecond, onlySecond: counts.onlyFirst },
    });
    expect(turned.low).toBeCloseTo(-found.high, 12);
    expect(turned.high).toBeCloseTo(-found.low, 12);
  });
});

describe('cohenKappa', () => {
  it('is not a number where both networks give one class to all images', () => {
    const ones = new Int32Array(5).fill(1);
    expect(cohenKappa(countForKappa(ones, ones, 3))).toBeNaN();
    expect(cohenKappa(countForKappa(ones, Int32Array.of(1, 1, 1, 1, 2), 3))).toBe(0);
  });
});
