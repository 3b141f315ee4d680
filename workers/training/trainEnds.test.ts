import { rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { readMetrics } from '../runs/metrics/metricsWriter.ts';
import { openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { trainRun } from './trainRun.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
});
afterAll(() => playground.remove());

function options(name: string, extra: Partial<TrainRunOptions> = {}): TrainRunOptions {
  return {
    ...{ document: tinyDocument(), train: playground.train, validation: playground.validation },
    ...{ out: playground.at(name), cacheFolder: playground.cache, backend: referenceBackend, ...extra },
  };
}

async function failure(run: Promise<unknown>): Promise<AppError> {
  const thrown = await run.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof AppError) return thrown;
  throw new Error(`no AppError but ${String(thrown)}`);
}

describe('a run that diverges before its first checkpoint', () => {
  it.each([
    // The first value that is not finite: the loss at the smaller rate, the batch statistics at the larger one.
    ['loss', { learningRate: 1e160, schedule: { kind: 'constant' as const } }],
    ['statistics', { learningRate: 1e308, schedule: { kind: 'constant' as const } }],
  ])(
    'leaves the metrics up to the bad step, and does not speak of a checkpoint: %s',
    async (name, settings) => {
      const wild = tinyDocument({ ...settings, epochs: 50 });
      const error = await failure(trainRun(options(`unsaved-${name}`, { document: wild })));
      expect(error).toMatchObject({ code: 'diverged' });
      expect(error.message).toContain('No checkpoint had been written');
      const step = Number(/at step (\d+) /.exec(error.message)?.[1]);
      const steps = (await readMetrics(playground.at(`unsaved-${name}`))).filter(
        ({ kind }) => kind === 'step',
      );
      expect(steps.map((event) => event.step)).toEqual(Array.from({ length: step }, (_, at) => at + 1));
      expect(steps.at(-1)).toMatchObject({ step, loss: null });
      const again = await failure(trainRun(options(`unsaved-${name}`, { document: null, resume: true })));
      expect(again.message).toBe(error.message);
    },
  );
});

describe('a run folder that is removed while it trains', () => {
  it('ends the run with one sentence, and leaves what stands there since alone', async () => {
    const folder = playground.at('removed');
    const error = await failure(
      trainRun(
        options('removed', {
          checkpointEveryMs: 0,
          onEvent: ({ type }) => {
            if (type === 'checkpoint') rmSync(folder, { recursive: true, force: true });
          },
        }),
      ),
    );
    expect(error).toMatchObject({ code: 'run-not-found', where: folder });
    expect(error.message).toMatch(/was removed or replaced while the run trained/);
    await expect(readdir(folder)).rejects.toThrow();
  });
});
