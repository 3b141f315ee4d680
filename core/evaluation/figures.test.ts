import { describe, expect, it } from 'vitest';
import type { Readout } from '../losses/definition.ts';
import { confusedPairs, confusionOfCells, confusionRows, sparseCells } from './confusion.ts';
import type { Estimate } from './estimate.ts';
import { computeFigures, type Judged } from './figures.ts';
import { firstImages } from './imageOrders.ts';
import { rowsInMemory, type LogitRows } from './logitRows.ts';
import { sampleOutputs } from './testing/sampleOutputs.ts';

const tick = () => undefined;

function judge(rows: LogitRows, classes: number): Promise<Judged> {
  const classNames = Array.from({ length: classes }, (_, k) => `class ${k}`);
  return computeFigures(rows, { classNames, topK: [1, 2, 3], tick });
}

const valueOf = (estimate: Estimate | null | undefined): number | null => estimate?.value ?? null;

/** A value as another program printed it, with the digits that both have. */
function expectClose(found: number | null, wanted: number, digits = 12): void {
  expect(found ?? NaN).toBeCloseTo(wanted, digits);
}

/*
 * Constants: scikit-learn 1.9.1, SciPy 1.17.1 and NumPy on the same formula (`sampleOutputs`): accuracy_score,
 * confusion_matrix, precision_recall_fscore_support with zero_division=0, balanced_accuracy_score,
 * top_k_accuracy_score, log_loss, roc_auc_score, scipy.optimize.minimize_scalar for the temperature.
 */
describe('figures of four classes', async () => {
  const { figures, confusion } = await judge(sampleOutputs(60, 4, 'softmax'), 4);

  it('counts as confusion_matrix', () => {
    expect(confusionRows(confusion)).toEqual([
      [10, 4, 1, 3],
      [0, 11, 2, 1],
      [0, 1, 11, 4],
      [2, 3, 1, 6],
    ]);
    expect(confusedPairs(confusion).slice(0, 3)).toEqual([
      { from: 0, to: 1, images: 4 },
      { from: 2, to: 3, images: 4 },
      { from: 0, to: 3, images: 3 },
    ]);
    expect(confusionOfCells(sparseCells(confusion), 4)).toEqual(confusion);
  });

  it('gives the rates of precision_recall_fscore_support', () => {
    const column = (name: 'precision' | 'recall' | 'f1') =>
      figures.perClass.map((each) => valueOf(each[name]));
    const wanted = {
      precision: [0.8333333333333334, 0.5789473684210527, 0.7333333333333333, 0.42857142857142855],
      recall: [0.5555555555555556, 0.7857142857142857, 0.6875, 0.5],
      f1: [0.6666666666666666, 0.6666666666666666, 0.7096774193548387, 0.46153846153846156],
    };
    for (const name of ['precision', 'recall', 'f1'] as const)
      column(name).forEach((value, k) => expectClose(value, wanted[name][k] ?? NaN));
    expect(figures.perClass.map(({ support }) => support)).toEqual([18, 14, 16, 12]);
    expectClose(valueOf(figures.macro.precision), 0.643546365914787);
    expectClose(valueOf(figures.macro.recall), 0.6321924603174603);
    expectClose(valueOf(figures.macro.f1), 0.6261373035566584);
    expectClose(valueOf(figures.weighted.precision), 0.6663575605680869);
    expectClose(valueOf(figures.weighted.recall), 0.6333333333333333);
    expectClose(valueOf(figures.weighted.f1), 0.6371105596912049);
    expectClose(valueOf(figures.balancedAccuracy), 0.6321924603174603);
  });

  it('gives accuracy, top k, log loss and calibration', () => {
    expectClose(valueOf(figures.accuracy), 0.6333333333333333);
    const topK = figures.topK.map(({ accuracy }) => valueOf(accuracy));
    expectClose(topK[0] ?? null, 0.6333333333333333);
    expectClose(topK[1] ?? null, 0.7166666666666667);
    expectClose(topK[2] ?? null, 0.9833333333333333);
    expectClose(valueOf(figures.logLoss), 1.0520660575147605);
    expectClose(valueOf(figures.calibration?.expectedError), 0.1560971393616923);
    expectClose(figures.calibration?.maximumError ?? null, 0.8260377623622471);
    expect(figures.calibration?.bins.reduce((sum, { images }) => sum + images, 0)).toBe(60);
    expectClose(figures.calibration?.temperature?.value ?? null, 1.577640296165287, 6);
    expectClose(figures.calibration?.temperature?.before ?? null, 1.0520660575147605);
    expectClose(figures.calibration?.temperature?.after ?? null, 0.9860370762972198);
    expect(figures.calibration?.temperature?.expectedError).toBeLessThan(0.15);
    expect(figures.rocAuc).toBeNull();
  });

  it('has an interval around each figure, by the method that it names', () => {
    expect(figures.accuracy?.method).toBe('wilson');
    const sampled = [figures.macro.f1, figures.weighted.f1, figures.logLoss, figures.perClass[2]?.f1];
    for (const each of sampled) {
      expect(each?.method).toBe('bootstrap');
      expect(each?.interval?.low).toBeLessThan(each?.value ?? NaN);
      expect(each?.interval?.high).toBeGreaterThan(each?.value ?? NaN);
    }
    // The weighted recall is the accuracy: its interval by bootstrap is near that by Wilson.
    expectClose(figures.weighted.recall?.interval?.low ?? null, figures.accuracy?.interval?.low ?? NaN, 1);
    expectClose(figures.weighted.recall?.interval?.high ?? null, figures.accuracy?.interval?.high ?? NaN, 1);
  });

  it('is the same in each computation', async () => {
    const again = await judge(sampleOutputs(60, 4, 'softmax'), 4);
    expect(again.figures).toEqual(figures);
  });
});

describe('figures of other outputs', () => {
  it.each([
    ['a single logit', 'sigmoid', 1, 0.7333333333333333, 0.5807166779136251, 0.13122282890648085, 1.562],
    ['two logits', 'softmax', 2, 0.7333333333333333, 0.5253473592246075, 0.14599990255332543, 1.748117],
  ] as const)('of %s', async (_, readout: Readout, width, accuracy, loss, error, temperature) => {
    const { figures } = await judge(sampleOutputs(60, 2, readout, width), 2);
    expectClose(valueOf(figures.accuracy), accuracy);
    expectClose(valueOf(figures.logLoss), loss);
    expectClose(valueOf(figures.calibration?.expectedError), error);
    expectClose(figures.calibration?.temperature?.value ?? null, temperature, 5);
    const auc = width === 1 ? 0.8082579185520362 : 0.8670814479638008;
    const [low, high] =
      width === 1 ? [0.7008824352768859, 0.9156334018271866] : [0.7735064275620316, 0.9606564683655703];
    expectClose(valueOf(figures.rocAuc), auc);
    expectClose(figures.rocAuc?.interval?.low ?? null, low);
    expectClose(figures.rocAuc?.interval?.high ?? null, high);
  });

  it('of a sigmoid for each class: the log loss takes shares, the temperature the cross-entropy of each', async () => {
    const { figures } = await judge(sampleOutputs(60, 4, 'sigmoid'), 4);
    expectClose(valueOf(figures.logLoss), 1.1263152537400523);
    expectClose(valueOf(figures.calibration?.expectedError), 0.30475629689956124);
    expectClose(figures.calibration?.maximumError ?? null, 0.7310585786300049);
    expectClose(figures.calibration?.temperature?.value ?? null, 3.91237011, 5);
    expectClose(figures.calibration?.temperature?.after ?? null, 2.6549121594285006);
  });

  it('of clipped outputs: without a temperature', async () => {
    const { figures } = await judge(sampleOutputs(60, 4, 'clip'), 4);
    expectClose(valueOf(figures.logLoss), 7.842674093371307);
    expectClose(valueOf(figures.calibration?.expectedError), 0.3885091145833333);
    expect(figures.calibration?.temperature).toBeNull();
  });

  it('of a network that is always right: no temperature, and classes without images have no rates', async () => {
    const rows = rowsInMemory(Float32Array.of(3, 0, 0, 0, 2, 0), Int32Array.of(0, 1), {
      ...{ width: 3, readout: 'softmax' },
    });
    const { figures } = await judge(rows, 3);
    expect(figures.calibration?.temperature).toBeNull();
    expect(figures.accuracy).toMatchObject({ value: 1, interval: { high: 1 } });
    expect(figures.perClass[2]).toMatchObject({ support: 0, precision: null, recall: null, f1: null });
    expect(figures.macro.f1?.value).toBe(1);
  });

  it('that are not finite: counted, and without figures of probabilities', async () => {
    const logits = Float32Array.of(NaN, 0, 1, 0);
    const { figures } = await judge(
      rowsInMemory(logits, Int32Array.of(0, 0), { width: 2, readout: 'softmax' }),
      2,
    );
    expect(figures).toMatchObject({
      notFinite: 1,
      logLoss: null,
      calibration: null,
      rocAuc: null,
      images: 2,
    });
  });

  it('of no image', async () => {
    const rows = rowsInMemory(new Float32Array(0), new Int32Array(0), { width: 3, readout: 'softmax' });
    const { figures } = await judge(rows, 3);
    expect(figures).toMatchObject({ images: 0, accuracy: null, logLoss: null, calibration: null });
    expect(figures.macro.f1).toBeNull();
  });
});

describe('a long computation', () => {
  it('can be stopped at any tick', async () => {
    let ticks = 0;
    const stop = (): undefined => {
      ticks += 1;
      if (ticks === 500) throw new Error('stopped');
    };
    const rows = sampleOutputs(60, 4, 'softmax');
    const work = computeFigures(rows, { classNames: ['a', 'b', 'c', 'd'], topK: [1], tick: stop });
    await expect(work).rejects.toThrow('stopped');
    expect(ticks).toBe(500);
  });
});

describe('orders of images', async () => {
  const logits = Float32Array.of(4, 0, 0, 1, 3, 0, 0.5, 0.25, 0, 5);
  const rows = rowsInMemory(logits, Int32Array.of(0, 0, 1, 0, 1), { width: 2, readout: 'softmax' });
  const { scores } = await judge(rows, 2);

  it('puts the most wrong, the least sure and the surest first', () => {
    expect([...firstImages(scores, 'wrong')]).toEqual([2, 1]);
    expect([...firstImages(scores, 'unsure')]).toEqual([3, 1, 2, 0, 4]);
    expect([...firstImages(scores, 'sure', 2)]).toEqual([4, 0]);
  });
});
