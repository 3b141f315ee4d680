import { parentPort, workerData } from 'node:worker_threads';
import { initializeState } from '#core/training/initialize.ts';
import { openNativeSession } from '../nativeBackend.ts';
import { requireAddon, randomFeed, templateProgram } from './programs.ts';

/* Test worker: trains a template for some steps on the given shared state and reports when it is done. */
const { state, seed, steps, template, batch } = workerData as {
  state: Float32Array;
  seed: number;
  steps: number;
  template: string;
  batch: number;
};
const addon = requireAddon();
const program = templateProgram(template);
const session = openNativeSession(addon, program.state, { threads: 2, precision: 'f32' }, state);
initializeState(program.state, seed, state);
const prepared = session.prepare(program, batch);
for (let step = 1; step <= steps; step += 1) {
  const feed = randomFeed(program, batch, seed * 1000 + step);
  prepared.run(feed, { learningRate: 0.1, step, randomKey: step });
}
session.close();
parentPort?.postMessage('done');
