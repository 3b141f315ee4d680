import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { initializeState } from '#core/training/initialize.ts';
import type { NativeAddon } from '../nativeAddon.ts';
import { openNativeSession } from '../nativeBackend.ts';
import { randomFeed, templateProgram } from './programs.ts';

/** Result of a soak: growth of the process's resident memory over the counted rounds. */
interface Growth {
  readonly rounds: number;
  readonly bytes: number;
}

const PROGRAM = templateProgram('bn-mlp');
const BATCH = 4;

/**
 * Opens a session, prepares a program, trains a step and closes, `rounds` times. The first fifth is warm-up and not
 * counted.
 */
export async function soakSessions(addon: NativeAddon, rounds: number): Promise<Growth> {
  const feed = randomFeed(PROGRAM, BATCH, 1);
  return soak(rounds, async () => {
    const state = new Float32Array(PROGRAM.state.totalSize);
    const session = openNativeSession(addon, PROGRAM.state, { threads: 2, precision: 'f32' }, state);
    initializeState(PROGRAM.state, 1, state);
    session.prepare(PROGRAM, BATCH).run(feed, { learningRate: 0.1, step: 1, randomKey: 1 });
    session.close();
    await setImmediate();
  });
}

/** Starts a worker thread that loads the addon at `path`, queries it, and ends; `rounds` times, as above. */
export async function soakWorkers(path: string, rounds: number): Promise<Growth> {
  const source = `require(${JSON.stringify(path)}).describeLibrary()`;
  return soak(rounds, async () => {
    const worker = new Worker(source, { eval: true });
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', () => {
        resolve();
      });
    });
  });
}

async function soak(rounds: number, once: () => Promise<void>): Promise<Growth> {
  const warm = Math.ceil(rounds / 5);
  for (let round = 0; round < warm; round += 1) await once();
  const before = await residentBytes();
  for (let round = warm; round < rounds; round += 1) await once();
  return { rounds: rounds - warm, bytes: (await residentBytes()) - before };
}

/**
 * Measures after garbage collections, so that only uncollectable memory counts; native objects free theirs in a later
 * task.
 */
async function residentBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await setImmediate();
  }
  return process.memoryUsage.rss();
}
