import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serializeDocument } from '#core/document/serialize.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { checkpointTensors, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { startTrainer, type TrainerHandle, type TrainerRequest } from './trainerClient.ts';
import type { TrainEvent } from './trainEvents.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
});
afterAll(() => playground.remove());

const LONG = serializeDocument(tinyDocument({ epochs: 100_000, learningRate: 0.001 }));

function request(name: string, extra: Partial<TrainerRequest> = {}): TrainerRequest {
  return {
    project: serializeDocument(tinyDocument()),
    train: playground.train,
    validation: playground.validation,
    out: playground.at(name),
    cacheFolder: playground.cache,
    ...extra,
  };
}

function listen(handle: TrainerHandle): TrainEvent[] {
  const events: TrainEvent[] = [];
  handle.onEvent((event) => events.push(event));
  return events;
}

/** Waits for `condition`; a run that ends first throws its own error. */
async function until(handle: TrainerHandle, condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await Promise.race([delay(5), handle.done]);
  }
}

describe('startTrainer', () => {
  it('trains in a thread with the same result as in this one, twice at once', async () => {
    const first = startTrainer(request('one'));
    const second = startTrainer(request('two'));
    const events = listen(first);
    const [a, b] = await Promise.all([first.done, second.done]);
    expect({ ...a, run: '', seconds: 0, imagesPerSecond: 0, dataWaitShare: 0 }).toEqual({
      ...b,
      run: '',
      seconds: 0,
      imagesPerSecond: 0,
      dataWaitShare: 0,
    });
    const tensors = await checkpointTensors(playground.at('one'));
    expect(tensors.equals(await checkpointTensors(playground.at('two')))).toBe(true);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['progress', 'plan', 'phase', 'metrics', 'checkpoint']),
    );
    const steps = events.flatMap((event) => (event.type === 'metrics' ? event.events : []));
    expect(steps.filter(({ kind }) => kind === 'step')).toHaveLength(10);
  });

  it('pauses, resumes and stops', { timeout: 60_000 }, async () => {
    const handle = startTrainer(request('steered', { project: LONG }));
    const events = listen(handle);
    const phase = (name: string) => () =>
      events.filter((event) => event.type === 'phase').at(-1)?.phase === name;
    await until(handle, () => events.some(({ type }) => type === 'metrics'));
    handle.pause();
    await until(handle, phase('paused'));
    const seen = events.length;
    await delay(200);
    expect(events.length).toBe(seen);
    expect(events.some(({ type }) => type === 'checkpoint')).toBe(true);
    handle.resume();
    await until(handle, phase('running'));
    await until(handle, () => events.length > seen + 2);
    handle.stop();
    await expect(handle.done).rejects.toMatchObject({ code: 'interrupted' });
    const again = startTrainer(request('steered', { project: null, resume: true }));
    const plan = listen(again);
    await until(again, () => plan.some(({ type }) => type === 'plan'));
    again.stop();
    await expect(again.done).rejects.toMatchObject({ code: 'interrupted' });
    expect(plan.find((event) => event.type === 'plan')?.fromStep).toBeGreaterThan(0);
  });

  it('passes errors on as they were thrown', async () => {
    const missing = startTrainer(request('missing', { train: playground.at('nowhere') }));
    await expect(missing.done).rejects.toMatchObject({
      code: 'folder-not-found',
      where: playground.at('nowhere'),
    });
  });

  it('says that the thread died, when it is killed, throws or ends without a word', async () => {
    const killed = startTrainer(request('dead', { project: LONG }));
    const events = listen(killed);
    await until(killed, () => events.some(({ type }) => type === 'plan'));
    await killed.kill();
    await expect(killed.done).rejects.toMatchObject({ code: 'worker-died' });
    for (const [name, code] of [
      ['throwing', 'throw new Error("bug")'],
      ['silent', 'export {}'],
      [
        'babbling',
        'import { parentPort } from "node:worker_threads"; parentPort.postMessage({ kind: "?" });',
      ],
    ] as const) {
      const entry = playground.at(`${name}.mjs`);
      await writeFile(entry, code);
      const handle = startTrainer(request(name), pathToFileURL(entry));
      await expect(handle.done).rejects.toMatchObject({ code: 'worker-died' });
    }
  });
});
