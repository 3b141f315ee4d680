import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { requireAddon, templateProgram } from './testing/programs.ts';

const WORKER = new URL('./testing/trainTwice.ts', import.meta.url);

/** Trains in its own worker thread; returns the state, which the worker updated in shared memory. */
async function trainInWorker(
  template: string,
  seed: number,
  steps: number,
  batch = 8,
): Promise<Float32Array> {
  const { totalSize } = templateProgram(template).state;
  const state = new Float32Array(new SharedArrayBuffer(totalSize * 4));
  const worker = new Worker(WORKER, { workerData: { state, seed, steps, template, batch } });
  const exited = once(worker, 'exit');
  const [message] = (await once(worker, 'message')) as unknown[];
  expect(message).toBe('done');
  expect(await exited).toEqual([0]);
  return Float32Array.from(state);
}

requireAddon();

describe('the addon in worker threads', () => {
  it('trains in two at once with the bits that each gives alone', async () => {
    const alone = [await trainInWorker('mnist-cnn-bn', 1, 4), await trainInWorker('bn-mlp', 2, 4)];
    const together = await Promise.all([trainInWorker('mnist-cnn-bn', 1, 4), trainInWorker('bn-mlp', 2, 4)]);
    expect(together).toEqual(alone);
    expect(alone[0]?.some((value) => value !== 0)).toBe(true);
  }, 120_000);

  it('survives fifty workers that load it, train and end', async () => {
    const expected = await trainInWorker('bn-mlp', 3, 1, 2);
    for (let round = 0; round < 10; round += 1) {
      const states = await Promise.all(Array.from({ length: 5 }, () => trainInWorker('bn-mlp', 3, 1, 2)));
      for (const state of states) expect(state).toEqual(expected);
    }
  }, 240_000);
});
