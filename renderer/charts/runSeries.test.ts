import { describe, expect, it } from 'vitest';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { EPOCH_COLUMNS, RunSeries, STEP_COLUMNS } from './runSeries.ts';

const step = (n: number, loss: number | null = 1): MetricEvent => ({
  kind: 'step',
  step: n,
  epoch: 0,
  loss,
  accuracy: 0.5,
  lr: 0.1,
  imagesPerSecond: 100,
  elapsedMs: n * 10,
});
const epoch = (n: number, valAccuracy: number | null): MetricEvent => ({
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
    expect(series.add(0, [step(1), step(2)], 10)).toBe(true);
    expect(series.add(1, [step(2), step(3)], 10)).toBe(true);
    expect(series.add(5, [step(6)], 10)).toBe(false);
    expect(series.next).toBe(3);
    expect([...series.steps.history(STEP_COLUMNS.loss, 'step').x]).toEqual([1, 2, 3]);
    expect([...series.steps.history(STEP_COLUMNS.loss, 'epoch').x]).toEqual([0.1, 0.2, 0.3]);
  });

  it('does not lose its place when an old batch comes again', () => {
    const series = new RunSeries();
    series.add(0, [step(1), step(2), step(3)], 10);
    expect(series.add(0, [step(1)], 10)).toBe(true);
    expect(series.next).toBe(3);
  });

  it('shows a loss that is not finite as a gap', () => {
    const series = new RunSeries();
    series.add(0, [step(1), step(2, null)], 10);
    expect(series.steps.last(STEP_COLUMNS.loss)).toBeNaN();
  });

  it('keeps the first best epoch', () => {
    const series = new RunSeries();
    series.add(0, [epoch(1, 0.7), epoch(2, 0.9), epoch(3, 0.9), epoch(4, 0.8)], 10);
    expect(series.best).toEqual({ epoch: 2, valAccuracy: 0.9 });
    expect(series.epochs.last(EPOCH_COLUMNS.valAccuracy)).toBe(0.8);
  });

  it('knows no best without validation', () => {
    const series = new RunSeries();
    series.add(0, [epoch(1, null)], 10);
    expect(series.best).toBeNull();
  });

  it('sums statistics up by the worst drift and the coldest block', () => {
    const series = new RunSeries();
    const layers = [
      { node: 'bn1', drift: 0.1, worstDrift: 0.3, warmup: 0.5 },
      { node: 'bn2', drift: 0.1, worstDrift: 0.9, warmup: 0.25 },
    ];
    series.add(0, [{ kind: 'statistics', step: 1, layers }], 10);
    expect(series.statistics).toEqual({
      worstDrift: 0.9,
      worstNode: 'bn2',
      warmedUp: 0.5,
      drifts: new Map([
        ['bn1', 0.1],
        ['bn2', 0.1],
      ]),
    });
    series.add(
      1,
      [{ kind: 'statistics', step: 2, layers: [{ node: 'bn1', drift: null, worstDrift: null, warmup: 0 }] }],
      10,
    );
    expect(series.statistics).toMatchObject({ worstDrift: NaN, worstNode: 'bn1', warmedUp: 1 });
  });
});
