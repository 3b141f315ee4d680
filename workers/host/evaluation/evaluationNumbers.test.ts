import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabResult } from '#core/contract/labApi.ts';
import type { Estimate } from '#core/evaluation/estimate.ts';
import { IMAGE_ORDERS } from '#core/evaluation/imageOrders.ts';
import { keepSample } from '../../evaluation/testing/sampleEvaluation.ts';
import { ALL, openEvaluationLab, RUN, type EvaluationLab } from '../testing/evaluationLab.ts';
import {
  plainCalibration,
  plainConfusion,
  plainImages,
  plainLossAt,
  plainMean,
  plainRates,
  plainRocAuc,
  plainWilson,
  storedOutputs,
  type PlainImage,
} from '../testing/plainFigures.ts';

/*
 * Every number that the screen gets of an evaluation is computed here again, in another way, from the logits alone.
 * Intervals by the bootstrap depend on random numbers; build/interop/check_evaluation.py compares them with NumPy.
 */
let lab: EvaluationLab;
const ids: Record<string, string> = {};
beforeAll(async () => {
  lab = await openEvaluationLab();
  const run = join(lab.folder.home.runs, RUN);
  const asked = { taskId: 't', runId: RUN, statistics: 'stored' } as const;
  const own = await lab.call('evaluation.start', { ...asked, images: { kind: 'own', part: 'train' } });
  ids['a run'] = own.key.id;
  ids['two classes'] = await keepSample(run, { count: 300, classes: 2 });
  ids['one logit'] = await keepSample(run, { count: 300, classes: 2, readout: 'sigmoid', width: 1 });
  ids['many classes'] = await keepSample(run, { count: 700, classes: 40 });
}, 300_000);
afterAll(() => lab.close());

/** Probability of a class by the softmax, or the sigmoid, of the logits, with the one that was shown for it. */
function probabilityOf(
  row: readonly number[],
  shown: { readonly class: number; readonly logit: number | null } | undefined,
): number {
  const { class: k = NaN, logit = null } = shown ?? {};
  const own = logit ?? NaN;
  if (row.length === 1) return 1 / (1 + Math.exp(k === 1 ? -own : own));
  return 1 / row.reduce((sum, value) => sum + Math.exp(value - own), 0);
}

const CASES = ['a run', 'two classes', 'one logit', 'many classes'];

describe.each(CASES)('the numbers of %s', (name) => {
  let record: LabResult<'evaluation.open'>;
  let outputs: ReturnType<typeof storedOutputs>;
  let images: PlainImage[];
  beforeAll(async () => {
    const id = ids[name] ?? '';
    record = await lab.call('evaluation.open', { runId: RUN, id });
    outputs = storedOutputs(join(lab.folder.home.runs, RUN, 'evaluations', id));
    images = plainImages(outputs);
  });
  const hitsOf = (within: number): number => images.filter(({ rank }) => rank < within).length;
  const expectShare = (found: Estimate | null, hits: number, count: number): void => {
    if (count === 0) return expect(found).toBeNull();
    const { low, high } = plainWilson(hits, count);
    expect(found?.method).toBe('wilson');
    expect(found?.value).toBeCloseTo(hits / count, 14);
    expect(found?.interval?.low).toBeCloseTo(low, 6);
    expect(found?.interval?.high).toBeCloseTo(high, 6);
  };

  it('accuracy, top-k and the rates of each class', () => {
    const { figures, confusion, classNames } = record;
    const matrix = plainConfusion(images, classNames.length);
    const cells = matrix.flatMap((row, truth) =>
      row.flatMap((count, decided) => (count === 0 ? [] : [[truth, decided, count]])),
    );
    expect([...confusion].sort()).toEqual(cells.sort());
    expect(figures.images).toBe(images.length);
    expectShare(figures.accuracy, hitsOf(1), images.length);
    for (const { k, accuracy } of figures.topK) expectShare(accuracy, hitsOf(k), images.length);
    for (const [k, plain] of plainRates(matrix).entries()) {
      const found = figures.perClass[k];
      const correct = matrix[k]?.[k] ?? 0;
      expect(found).toMatchObject({
        class: classNames[k],
        support: plain.support,
        decided: plain.given,
        correct,
      });
      expectShare(found?.precision ?? null, correct, plain.given);
      expectShare(found?.recall ?? null, correct, plain.support);
      expect(found?.f1?.value ?? null).toEqual(plain.f1 === null ? null : expect.closeTo(plain.f1, 14));
    }
  });

  it('means over the classes', () => {
    const { macro, weighted, balancedAccuracy } = record.figures;
    const rates = plainRates(plainConfusion(images, record.classNames.length));
    const occurring = rates.filter(({ support, given }) => support + given > 0);
    for (const rate of ['precision', 'recall', 'f1'] as const) {
      const value = (each: (typeof rates)[number]): number => each[rate] ?? 0;
      expect(macro[rate]?.value).toBeCloseTo(plainMean(occurring.map(value)), 13);
      const sum = rates.reduce((total, each) => total + each.support * value(each), 0);
      expect(weighted[rate]?.value).toBeCloseTo(sum / images.length, 13);
    }
    const supported = rates.filter(({ support }) => support > 0);
    expect(balancedAccuracy?.value).toBeCloseTo(plainMean(supported.map(({ recall }) => recall ?? 0)), 13);
  });

  it('log loss, ROC AUC, calibration and temperature', () => {
    const { logLoss, rocAuc, calibration } = record.figures;
    expect(logLoss?.value).toBeCloseTo(plainMean(images.map((each) => each.logLoss)), 11);
    if (record.classNames.length === 2) expect(rocAuc?.value).toBeCloseTo(plainRocAuc(outputs), 13);
    else expect(rocAuc).toBeNull();
    const { expected, maximum } = plainCalibration(images);
    expect(calibration?.expectedError.value).toBeCloseTo(expected, 12);
    expect(calibration?.maximumError).toBeCloseTo(maximum, 12);
    const { temperature } = calibration ?? {};
    if (temperature === null || temperature === undefined) return;
    const { value, before, after } = temperature;
    expect(before).toBeCloseTo(plainLossAt(outputs, 1), 11);
    expect(after).toBeCloseTo(plainLossAt(outputs, value), 11);
    // A minimum: further on in both directions the loss is larger.
    for (const factor of [0.99, 1.01]) expect(plainLossAt(outputs, value * factor)).toBeGreaterThan(after);
  });

  it.each(IMAGE_ORDERS)('images, %s first', async (order) => {
    const keys = {
      wrong: (each: PlainImage) => (each.truth === each.decided ? null : -each.logLoss),
      unsure: (each: PlainImage) => each.confidence,
      sure: (each: PlainImage) => (each.truth === each.decided ? each.logLoss : null),
    };
    const key = { runId: RUN, id: record.id };
    const page = { query: { order, ...ALL }, from: 0, count: 500 };
    const found = await lab.call('evaluation.images', { ...key, ...page });
    const rest = await lab.call('evaluation.images', { ...key, ...page, from: 500 });
    const listed = [...found.images, ...rest.images];
    const wanted = images
      .map((each, image) => ({ ...each, image }))
      .filter((each) => keys[order](each) !== null);
    expect(listed.map(({ image }) => image).sort((a, b) => a - b)).toEqual(wanted.map(({ image }) => image));
    expect(found.total).toBe(wanted.length);
    let last = -Infinity;
    for (const each of listed) {
      const plain = images[each.image];
      if (plain === undefined) throw new Error(`there is no image ${each.image}`);
      expect(each).toMatchObject({
        file: plain.file,
        truth: plain.truth,
        decided: plain.decided,
        rank: plain.rank,
      });
      expect(each.confidence).toBeCloseTo(plain.confidence, 12);
      expect(each.logLoss).toBeCloseTo(plain.logLoss, 10);
      expect(each.top.map((one) => one.class)).toEqual(plain.top.map((one) => one.class));
      for (const [place, { probability, logit }] of each.top.entries()) {
        expect(probability).toBeCloseTo(plain.top[place]?.probability ?? NaN, 12);
        expect(logit).toBe(plain.top[place]?.logit);
        expect(probability).toBeCloseTo(probabilityOf(outputs.logits[each.image] ?? [], each.top[place]), 12);
      }
      const now = keys[order](plain) ?? NaN;
      expect(now).toBeGreaterThanOrEqual(last - 1e-12);
      last = now;
    }
  });
});
