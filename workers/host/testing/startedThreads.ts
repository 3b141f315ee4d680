import type { Worker } from 'node:worker_threads';
import { vi } from 'vitest';

/** For tests: the threads of this process, recorded by a mock of `node:worker_threads` with `recordingThreads`. */
interface StartedThread {
  readonly name: string;
  readonly worker: Worker;
}

const started: StartedThread[] = [];

/** The module with a `Worker` that is a real one and is recorded: the factory for `vi.mock('node:worker_threads')`. */
export async function recordingThreads(
  original: () => Promise<typeof import('node:worker_threads')>,
): Promise<typeof import('node:worker_threads')> {
  const real = await original();
  class Recorded extends real.Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      started.push({ name: args[1]?.name ?? '', worker: this });
    }
  }
  return { ...real, Worker: Recorded };
}

/** How many threads of a name were started. */
export function startedThreads(name: string): number {
  return started.filter((each) => each.name === name).length;
}

/** Ends the thread of a name that was started last, as a crash would, once more than `before` of them were started. */
export async function killThread(name: string, before = 0): Promise<void> {
  const found = await vi.waitFor(() => {
    const all = started.filter((each) => each.name === name);
    if (all.length <= before) throw new Error(`no thread ${name} was started`);
    return all.at(-1);
  });
  await found?.worker.terminate();
}
