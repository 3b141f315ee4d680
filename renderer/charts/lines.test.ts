import { describe, expect, it } from 'vitest';
import {
  linesOf,
  metricsOf,
  readBefore,
  readNearest,
  wholeRange,
  type DrawnRun,
  type LineView,
} from './lines.ts';
import { RunSeries } from '../series/runSeries.ts';
import { yRangeOf } from './yRange.ts';

function run(losses: readonly number[], validation: readonly (number | null)[] = []): DrawnRun {
  const series = new RunSeries();
  const steps = losses.map((loss, i) => ({
    kind: 'step' as const,
    step: i + 1,
    epoch: 0,
    loss,
    accuracy: 0.5,
    lr: 0.1 / (i + 1),
    imagesPerSecond: 10 + i,
    elapsedMs: i * 1000,
  }));
  const epochs = validation.map((valLoss, i) => ({
    kind: 'epoch' as const,
    step: (i + 1) * 2,
    epoch: i + 1,
    loss: 1,
    accuracy: 1,
    valLoss,
    valAccuracy: null,
    lr: 0.1,
    elapsedMs: i * 2000,
  }));
  series.add(0, [...steps, ...epochs]);
  return { runId: 'r', name: 'r', color: '#fff', series };
}

const VIEW: LineView = { axis: 'step', smoothing: 0.5, range: { from: 0, to: 100 }, columns: 300 };

describe('linesOf', () => {
  it('draws raw behind smoothed, and validation where there is any', () => {
    const lines = linesOf(run([4, 2, 1], [3]), 'loss', VIEW);
    expect(lines.map((line) => line.role)).toEqual(['raw', 'main', 'validation']);
    expect(lines[0]?.points.map((point) => point.y)).toEqual([4, 2, 1]);
    expect(lines[1]?.points[1]?.y).toBeCloseTo((0.25 * 4 + 0.5 * 2) / 0.75, 12);
    expect(lines[2]?.points).toEqual([{ x: 2, y: 3 }]);
  });

  it('has one plain line when smoothing is off, and never smooths the learning rate', () => {
    expect(linesOf(run([4, 2]), 'loss', { ...VIEW, smoothing: 0 }).map((line) => line.role)).toEqual([
      'main',
    ]);
    expect(linesOf(run([4, 2]), 'lr', VIEW).map((line) => line.role)).toEqual(['main']);
  });

  it('shows nothing of an empty run, nor validation without values', () => {
    expect(linesOf(run([]), 'loss', VIEW)).toEqual([]);
    expect(linesOf(run([1, 2], [null]), 'loss', VIEW).map((line) => line.role)).toEqual(['raw', 'main']);
  });
});

describe('what only some runs have', () => {
  const at = { epoch: 0, accuracy: 0.5, lr: 0.1, elapsedMs: 1 };
  const clipped = (): DrawnRun => {
    const series = new RunSeries();
    const step = { kind: 'step' as const, step: 2, loss: 1, gradientNorm: 7, imagesPerSecond: 1, ...at };
    const epoch = { kind: 'epoch' as const, step: 2, loss: 1, valLoss: 2, valAccuracy: 0.6, ...at };
    series.add(0, [step, { ...epoch, rawValLoss: 3, rawValAccuracy: 0.4 }]);
    return { runId: 'c', name: 'c', color: '#fff', series };
  };

  it('draws the norm of clipped gradients, and the raw weights beside their averages', () => {
    const one = clipped();
    expect(linesOf(one, 'gradientNorm', VIEW).at(-1)?.y[0]).toBe(7);
    const raw = linesOf(one, 'accuracy', VIEW).find(({ role }) => role === 'rawValidation');
    expect([...(raw?.y ?? [])]).toEqual([0.4]);
  });

  it('draws neither for other runs', () => {
    const plain = run([1, 2], [3]);
    expect(linesOf(plain, 'gradientNorm', VIEW)).toEqual([]);
    expect(linesOf(plain, 'loss', VIEW).map(({ role }) => role)).not.toContain('rawValidation');
    expect(metricsOf([plain])).not.toContain('gradientNorm');
    expect(metricsOf([plain, clipped()])).toContain('gradientNorm');
  });
});

describe('reading a line', () => {
  it('gives exact values of the nearest step and nothing beyond the end; of validation never a later one', () => {
    const [raw, , validation] = linesOf(run([4, 2, 1], [3]), 'loss', VIEW);
    expect(raw && readNearest(raw, 1.9)).toEqual({ x: 2, y: 2 });
    expect(raw && readNearest(raw, 9)).toBeNull();
    expect(validation && [1.9, 2, 3].map((x) => readBefore(validation, x))).toEqual([-1, 0, 0]);
    expect([...(validation?.epochs ?? [])]).toEqual([1]);
  });
});

describe('wholeRange', () => {
  it('spans the longest run', () => {
    expect(wholeRange([run([1, 1]), run([1, 1, 1, 1])], 'step')).toEqual({ from: 0, to: 4 });
    expect(wholeRange([run([])], 'step')).toBeNull();
  });
});

describe('yRangeOf', () => {
  const spiky = run([...Array.from({ length: 100 }, (_, i) => 1 + (i % 3) / 10), 1000]);

  it('lets spikes of the raw line out of the image, but nothing of the smoothed one', () => {
    const lines = linesOf(spiky, 'loss', { ...VIEW, smoothing: 0.99, range: { from: 0, to: 1000 } });
    const ignoring = yRangeOf(lines, { isLog: false, ignoresOutliers: true });
    const all = yRangeOf(lines, { isLog: false, ignoresOutliers: false });
    expect(ignoring?.max).toBeLessThan(100);
    expect(ignoring?.max).toBeGreaterThan(Math.max(...(lines[1]?.y ?? [])));
    expect(all?.max).toBeGreaterThan(1000);
  });

  it('takes nothing for an outlier in the first steps', () => {
    const lines = linesOf(run([9, 1, 1]), 'loss', VIEW);
    expect(yRangeOf(lines, { isLog: false, ignoresOutliers: true })?.max).toBeGreaterThan(9);
  });

  it('leaves values that have no logarithm out of a log axis', () => {
    const lines = linesOf(run([0, 0.01, 10]), 'loss', { ...VIEW, smoothing: 0 });
    const range = yRangeOf(lines, { isLog: true, ignoresOutliers: false });
    expect(range?.min).toBeGreaterThan(0.005);
    expect(range?.max).toBeGreaterThan(10);
  });

  it('gives a constant line room, and nothing for no line', () => {
    const range = yRangeOf(linesOf(run([2, 2]), 'loss', VIEW), { isLog: false, ignoresOutliers: true });
    expect(range).toEqual({ min: 1.8, max: 2.2 });
    expect(yRangeOf([], { isLog: false, ignoresOutliers: true })).toBeNull();
  });
});
