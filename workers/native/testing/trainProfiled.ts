import { initializeState } from '#core/training/initialize.ts';
import { openNativeSession } from '../nativeBackend.ts';
import { requireAddon, randomFeed, templateProgram } from './programs.ts';

/* Test script: trains a network with dense layers of many inputs, and prints its last loss. */
const [template = 'bn-mlp', steps = '100'] = process.argv.slice(2);
const BATCH = 64;
const program = templateProgram(template);
const state = new Float32Array(program.state.totalSize);
initializeState(program.state, 1, state);
const session = openNativeSession(requireAddon(), program.state, { threads: 2, precision: 'f32' }, state);
const prepared = session.prepare(program, BATCH);
for (let step = 1; step <= Number(steps); step += 1)
  prepared.run(randomFeed(program, BATCH, step), { learningRate: 0.01, step, randomKey: step });
console.log(prepared.loss());
session.close();
