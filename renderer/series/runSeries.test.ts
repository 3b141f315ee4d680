import { describe, expect, it } from 'vitest';
import type { EpochEvent, MetricEvent, StepEvent } from '#core/contract/metricEvent.ts';
import { EPOCH_COLUMNS, RunSeries, STEP_COLUMNS } from './runSeries.ts';

const step = (n: number, loss: number | null = 1): StepEvent => ({
  kind: 'step',
  step: n,
  epoch: n / 10,
  loss,
  accuracy: 0.5,
  lr: 0.1,
  imagesPerSecond: 100,
  elapsedMs: n * 10,
});
const epoch = (n: number, valAccuracy: number | null): EpochEvent => ({
  kind: 'epoch',
  step: n * 10,
  epoch: n,
  loss: 1,
  accuracy: 0.5,
  valLoss: 2,
  valAccuracy,
  lr: 0.1,
  elapsedMs: n * 100,
});

describe('RunSeries', () => {
  it('takes events in order, overlapping ones once, and refuses a gap', () => {
    const series = new RunSeries();
    expect(series.add(0, [step(1), step(2)])).toBe(true);
    expect(series.add(1, [step(2), step(3)])).toBe(true);
    expect(series.add(5, [step(6)])).toBe(false);
    expect(series.next).toBe(3);
    expect([...series.steps.history(STEP_COLUMNS.loss, 'step').x]).toEqual([1, 2, 3]);
    expect([...series.steps.history(STEP_COLUMNS.loss, 'epoch').x]).toEqual([0.1, 0.2, 0.3]);
  });

  it('places events where they say: a run that was stopped, one with more steps an epoch later on', () => {
    const series = new RunSeries();
    const at = (n: number, epochs: number): MetricEvent => ({ ...step(n), epoch: epochs });
    const end: MetricEvent = { ...epoch(2, 0.5), step: 350 };
    series.add(0, [at(150, 0.75), at(200, 1), at(350, 2), end]);
    expect([...series.steps.history(STEP_COLUMNS.loss, 'epoch').x]).toEqual([0.75, 1, 2]);
    expect([...series.epochs.history(EPOCH_COLUMNS.valLoss, 'epoch').x]).toEqual([2]);
    expect(series.best).toEqual({ epoch: 2, valAccuracy: 0.5 });
  });

  it('remembers where each stretch of losses that are not finite began', () => {
    const series = new RunSeries();
    const bad = (n: number): MetricEvent => step(n, null);
    const badEnd: MetricEvent = { ...epoch(1, 0.1), step: 7, valLoss: null };
    series.add(0, [step(1), bad(2), bad(3), step(4), step(5), bad(6), step(7), badEnd]);
    series.add(8, [{ ...badEnd, step: 17, loss: null }]);
    expect(series.notFinite.map(({ of, step: at }) => [of, at])).toEqual([
      ['loss', 2],
      ['loss', 6],
      ['validation', 7],
    ]);
    const without = new RunSeries();
    without.add(0, [step(1), { ...epoch(1, null), valLoss: null }]);
    expect(without.notFinite).toEqual([]);
  });

  it('does not lose its place when an old batch comes again', () => {
    const series = new RunSeries();
    series.add(0, [step(1), step(2), step(3)]);
    expect(series.add(0, [step(1)])).toBe(true);
    expect(series.next).toBe(3);
  });

  it('shows a loss that is not finite as a gap', () => {
    const series = new RunSeries();
    series.add(0, [step(1), step(2, null)]);
    expect(series.steps.last(STEP_COLUMNS.loss)).toBeNaN();
  });

  it('keeps the first best epoch', () => {
    const series = new RunSeries();
    series.add(0, [epoch(1, 0.7), epoch(2, 0.9), epoch(3, 0.9), epoch(4, 0.8)]);
    expect(series.best).toEqual({ epoch: 2, valAccuracy: 0.9 });
    expect(series.epochs.last(EPOCH_COLUMNS.valAccuracy)).toBe(0.8);
  });

  it('knows no best without validation', () => {
    const series = new RunSeries();
    series.add(0, [epoch(1, null)]);
    expect(series.best).toBeNull();
  });

  it('sums statistics up by the largest drift and the coldest block', () => {
    const series = new RunSeries();
    const layers = [
      { node: 'bn1', drift: 0.1, warmup: 0.5 },
      { node: 'bn2', drift: 0.9, warmup: 0.25 },
    ];
    series.add(0, [{ kind: 'statistics', step: 1, layers }]);
    expect(series.statistics).toEqual({
      largestDrift: 0.9,
      largestNode: 'bn2',
      warmedUp: 0.5,
      drifts: new Map([
        ['bn1', 0.1],
        ['bn2', 0.9],
      ]),
    });
    series.add(1, [{ kind: 'statistics', step: 2, layers: [{ node: 'bn1', drift: null, warmup: 0 }] }]);
    expect(series.statistics).toMatchObject({ largestDrift: NaN, largestNode: 'bn1', warmedUp: 1 });
  });
});
