import { describe, expect, it } from 'vitest';
import { RunSeries } from '../../series/runSeries.ts';
import { progressFigure } from '../../runs/progressFigure.ts';
import { runFixture } from '../../runs/testing/runFixture.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { runRows } from './runRows.ts';
import { settingRows } from './runSettings.ts';

const t = (key: string, values: Record<string, unknown> = {}): string =>
  [key.split('.').at(-1), ...Object.values(values)].join(' ');

describe('the figures of a run', () => {
  const format = {
    ...{ count: String, t },
    ago: (ms: number) => `ago ${ms}`,
    date: (ms: number) => `date ${ms}`,
  };
  const row = (name: string, run = runFixture(), series: RunSeries | null = null) =>
    runRows(run, series, format).find((found) => found.name === name)?.value;

  it('of a run of an earlier start are told without its numbers: how far it came, when it began', () => {
    const stopped = runFixture({ phase: 'stopped', step: 3, steps: 12, startedAt: 77, lastCheckpointAt: 5 });
    expect(row('step', stopped)).toBe('stepOf 3 12');
    expect(row('started', stopped)).toBe('date 77');
    expect(row('checkpoint', stopped)).toBe('ago 5');
    expect(row('duration', stopped)).toBe('none');
  });

  it('tell the time spent training: of the result, else of the last step', () => {
    const series = new RunSeries();
    const step = { epoch: 0.5, loss: 1, accuracy: 0.5, lr: 0.1, imagesPerSecond: 5, elapsedMs: 65_000 };
    series.add(0, [{ kind: 'step', step: 1, ...step }]);
    expect(row('duration', runFixture(), series)).toBe('1:05');
    const result = {
      ...{ run: 'r', epochs: 2, steps: 4, train: { loss: 1, accuracy: 1 }, val: null },
      ...{ seconds: 130.4, imagesPerSecond: 5, precision: 'f32' },
    };
    expect(row('duration', runFixture({ result }), series)).toBe('2:10');
  });
});

describe('the settings of a run', () => {
  const details = {
    ...{ project: '', normlabVersion: '1', trainFolder: '/pictures', validationFolder: null },
    ...{ trainImages: 90, validationImages: 10, classes: 3, backendDescription: 'oneDNN' },
  };
  const format = { count: String, value: String, t, path: (path: string) => path };
  const rows = (training: Partial<ReturnType<typeof instantiateTemplate>['training']>) => {
    const document = instantiateTemplate('bn-mlp');
    const changed = { ...document, training: { ...document.training, ...training } };
    return new Map(
      settingRows(runFixture(), changed, details, format).map(({ name, value }) => [name, value]),
    );
  };

  it('are those that it was frozen with', () => {
    const told = rows({ epochs: 7, batchSize: 32, seed: 5 });
    expect(told.get('epochs')).toBe('7');
    expect(told.get('batchSize')).toBe('32');
    expect(told.get('seed')).toBe('5');
    expect(told.get('images')).toBe('imagesValue 90 10');
    expect(told.get('network')).toMatch(/^networkValue \d+ \d+$/);
    expect(rows({ batchSize: 32, accumulate: 4 }).get('batchSize')).toBe('4 × 32');
  });
});

describe('progressFigure', () => {
  const figure = (done: number, total: number): string => progressFigure({ done, total }, 'en', t);

  it('says how many of how many and the share, never a hundred per cent too early', () => {
    expect(figure(1200, 4500)).toBe('progressShare 1,200 4,500 26%');
    expect(figure(4499, 4500)).toContain('99%');
    expect(figure(4500, 4500)).toContain('100%');
    expect(figure(0, 4500)).toContain('0%');
  });

  it('counts while the whole is not known, and says nothing before the first', () => {
    expect(figure(1200, 0)).toBe('1,200');
    expect(figure(0, 0)).toBe('');
  });
});
