import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { EpochEvent } from '#core/contract/metricEvent.ts';
import { decodeSafetensors } from '#core/export/safetensors.ts';
import { isBetterEpoch } from '#core/training/bestEpoch.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { told } from '#core/words/testing.ts';
import { startExport } from '../export/exportClient.ts';
import { evaluateRun } from '../inference/evaluateRun.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import { readMetrics } from '../runs/metrics/metricsWriter.ts';
import { readNormStatistics } from '../runs/checkpoint/normStatistics.ts';
import { recalibrateOwn, undoRecalibration } from '../inference/recalibrateOwn.ts';
import { openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { createTrainControl } from './trainControl.ts';
import { trainRun } from './trainRun.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

/** A learning rate that makes the last epochs worse than an earlier one. */
const document = tinyDocument({ epochs: 12, learningRate: 0.4, schedule: { kind: 'constant' } });
let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
  await trainRun(options('run'));
});
afterAll(() => playground.remove());

function options(name: string, extra: Partial<TrainRunOptions> = {}): TrainRunOptions {
  return {
    ...{ document, train: playground.train, validation: playground.validation, out: playground.at(name) },
    ...{ cacheFolder: playground.cache, backend: referenceBackend, ...extra },
  };
}

const evaluated = (name: string, checkpoint?: 'best' | 'last') =>
  evaluateRun({
    ...{ run: playground.at(name), data: playground.validation, cacheFolder: playground.cache },
    ...{ backend: referenceBackend, ...(checkpoint === undefined ? {} : { checkpoint }) },
  });

describe('the best epoch', () => {
  it('is the first with the highest validation accuracy', () => {
    expect(isBetterEpoch(0, null)).toBe(true);
    expect(isBetterEpoch(0.5, { valAccuracy: 0.5 })).toBe(false);
    expect(isBetterEpoch(0.6, { valAccuracy: 0.5 })).toBe(true);
    expect(isBetterEpoch(null, null)).toBe(false);
    expect(isBetterEpoch(NaN, null)).toBe(false);
  });

  it('keeps its weights beside the last checkpoint, with what validation measured', async () => {
    const best = await bestOf('run');
    const last = await evaluated('run');
    expect(last).toMatchObject({ checkpoint: 'last', epoch: 12 });
    expect(best.epoch).toBeLessThan(12);
    expect(await evaluated('run', 'best')).toMatchObject({
      ...{ checkpoint: 'best', epoch: best.epoch, accuracy: best.valAccuracy, loss: best.valLoss },
    });
    const result = JSON.parse(
      await readFile(path.join(playground.at('run'), 'result.json'), 'utf8'),
    ) as object;
    const { epoch, step, valAccuracy, valLoss } = best;
    expect(result).toMatchObject({ best: { epoch, step, valAccuracy, valLoss } });
  });

  it('keeps no moments, which only training needs', async () => {
    const { tensors } = decodeSafetensors(
      await readFile(path.join(playground.at('run'), 'best.safetensors')),
    );
    expect([...tensors.keys()].filter((name) => name.startsWith('optimizer'))).toEqual([]);
  });

  it('is the same for a run that was stopped on the way', async () => {
    const control = createTrainControl();
    const stopping = trainRun(
      options('stopped', {
        ...{ control, checkpointEveryMs: 0 },
        onEvent: (event) => {
          if (event.type === 'checkpoint' && event.step >= 31) control.stop();
        },
      }),
    );
    await expect(stopping).rejects.toMatchObject({ code: 'interrupted' });
    await trainRun(options('stopped', { resume: true }));
    const [a, b] = await Promise.all(
      ['run', 'stopped'].map((name) => loadRun(playground.at(name), 'raw', 'best')),
    );
    expect(a?.checkpoint.best).toEqual(b?.checkpoint.best);
    expect(a?.model.state).toEqual(b?.model.state);
  });

  it('exports, and is recalibrated and put back, apart from the last checkpoint', async () => {
    const run = playground.at('run');
    const before = await readFile(path.join(run, 'checkpoint.safetensors'));
    const state = (await loadRun(run, 'raw', 'best')).model.state.slice();
    const own = {
      batches: null,
      cacheFolder: playground.cache,
      backend: referenceBackend,
      checkpoint: 'best' as const,
    };
    expect(await recalibrateOwn(run, own)).toMatchObject({ checkpoint: 'best', kind: 'exact' });
    expect(await readNormStatistics(run)).toMatchObject({ checkpoint: 'last', kind: 'moving-average' });
    expect(await undoRecalibration(run, 'best')).toMatchObject({
      checkpoint: 'best',
      kind: 'moving-average',
    });
    expect((await loadRun(run, 'raw', 'best')).model.state).toEqual(state);
    expect(await readFile(path.join(run, 'checkpoint.safetensors'))).toEqual(before);
    const file = playground.at('best-model.safetensors');
    const { notes } = await startExport(
      { run, path: file, format: 'safetensors', foldBatchNorm: false, overwrite: false, checkpoint: 'best' },
      () => undefined,
    ).done;
    expect(told(notes).join()).toContain(
      `Weights of the best epoch, ${(await bestOf('run')).epoch}, at step `,
    );
    const { metadata } = decodeSafetensors(await readFile(file));
    expect(JSON.parse(metadata['normlab.statistics'] ?? '')).toMatchObject({ checkpoint: 'best' });
    expect((await readdir(run)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is none without validation, and says so', async () => {
    const plain = tinyDocument({ epochs: 1 });
    const project = { ...plain, data: { ...plain.data, validationFraction: 0 } };
    const result = await trainRun(options('plain', { validation: null, document: project }));
    expect(result.best).toBeUndefined();
    await expect(stat(path.join(playground.at('plain'), 'best.safetensors'))).rejects.toThrow();
    await expect(evaluated('plain', 'best')).rejects.toMatchObject({ code: 'run-has-no-weights' });
    await expect(evaluated('plain', 'best')).rejects.toThrow(/--checkpoint last/);
  });
});

/** The best epoch according to the metrics. */
async function bestOf(name: string): Promise<EpochEvent & { valAccuracy: number }> {
  const epochs = (await readMetrics(playground.at(name))).filter((event) => event.kind === 'epoch');
  const [first] = epochs.toSorted((a, b) => (b.valAccuracy ?? 0) - (a.valAccuracy ?? 0) || a.epoch - b.epoch);
  if (first === undefined || first.valAccuracy === null) throw new Error('no epoch was validated');
  return { ...first, valAccuracy: first.valAccuracy };
}
