import { afterEach, beforeEach, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { readRunStatus } from '../runs/folder/runFolder.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import { openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { createTrainControl } from './trainControl.ts';
import { trainRun } from './trainRun.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

let playground: Playground;
beforeEach(async () => {
  playground = await openPlayground();
});
afterEach(() => playground.remove());

it('a stop while the statistics of averaged weights are measured stops the run, which can be resumed to its end', async () => {
  const control = createTrainControl();
  const { port1, port2 } = new MessageChannel();
  port2.addEventListener('message', () => control.stop());
  port2.start();
  const options: TrainRunOptions = {
    document: tinyDocument({ epochs: 2, averaging: { kind: 'ema', decay: 0.9, validate: 'average' } }),
    train: playground.train,
    validation: playground.validation,
    out: playground.at('run'),
    cacheFolder: playground.cache,
  };
  const stopped = trainRun({
    ...options,
    control,
    // As the host sends it: a message, which the thread receives only when its event loop turns.
    onEvent: (event) => {
      if (event.type === 'progress' && event.label.key === 'work.measuring') port1.postMessage('stop');
    },
  });
  await expect(stopped).rejects.toMatchObject({
    code: 'interrupted',
    message: expect.stringContaining('its state is saved') as string,
  });
  port1.close();
  expect((await readRunStatus(options.out)).kind).toBe('begun');
  expect((await loadRun(options.out)).model.provenance.statistics).toBe('moving-average');
  await trainRun({ ...options, resume: true });
  expect((await readRunStatus(options.out)).kind).toBe('finished');
  expect((await loadRun(options.out)).model.provenance.statistics).toBe('exact');
});
