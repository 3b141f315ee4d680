import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownModelFile } from '#core/import/testing/ownModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { startModelTask } from './modelClient.ts';
import type { ModelTask } from './modelMessages.ts';

/** 100 MB: long enough to be cancelled on the way. */
let big = '';
let root = '';
let weightsFolder = '';
let modelsFolder = '';
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'normlab-model-thread-'));
  big = path.join(root, 'resnet50.safetensors');
  writeFileSync(big, ownModelFile({ document: instantiateTemplate('resnet50') }));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  weightsFolder = mkdtempSync(path.join(root, 'weights-'));
  modelsFolder = mkdtempSync(path.join(root, 'models-'));
});

const asked = () => ({ architecture: null, weightsFolder });
const TASKS: Readonly<Record<'inspect' | 'import' | 'add', () => ModelTask>> = {
  inspect: () => ({ task: 'inspect', from: big, ...asked() }),
  import: () => ({ task: 'import', from: big, partial: false, ...asked() }),
  add: () => ({
    task: 'add',
    file: big,
    name: null,
    source: null,
    licence: null,
    modelsFolder,
    weightsFolder,
  }),
};

/** Files in the folder, hidden ones and those in its subfolders too. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

/**
 * The time in milliseconds from a cancel until the caller hears of the end. `begun` says when to cancel. Null if the
 * task ended before: how long it takes depends on the machine and its load.
 */
async function cancelTime(task: ModelTask, begun: () => Promise<void>): Promise<number | null> {
  const { cancel, done } = startModelTask(task);
  const ended = done.then(
    () => null,
    (error: unknown) => error,
  );
  await begun();
  const from = performance.now();
  cancel();
  const error = await ended;
  if (error === null) return null;
  expect(error).toMatchObject({ code: 'interrupted' });
  return performance.now() - from;
}

/** Resolves when an unfinished file is in the folder. */
async function untilUnfinished(folder: string): Promise<void> {
  while (!filesIn(folder).some((name) => name.includes('safetensors'))) await wait(1);
}

/** The smallest of three: other programs may hold the processor for longer than the thread needs. */
async function leastOf(measure: () => Promise<number | null>): Promise<number> {
  const times: number[] = [];
  for (let attempt = 0; times.length < 3 && attempt < 12; attempt++) {
    const time = await measure();
    if (time !== null) times.push(time);
  }
  expect(times.length).toBe(3);
  return Math.min(...times);
}

/** The time of a whole reading in milliseconds. */
async function readingTime(): Promise<number> {
  const from = performance.now();
  await startModelTask(TASKS.inspect()).done;
  return performance.now() - from;
}

describe('cancelling the reading of a large model', () => {
  it('is heard within 100 ms while it is read', async () => {
    const whole = await readingTime();
    for (const share of [0, 0.3, 0.6])
      expect(await leastOf(() => cancelTime(TASKS.inspect(), () => wait(share * whole)))).toBeLessThan(100);
  });

  it('is heard while weights are written, and leaves no file', async () => {
    const least = await leastOf(() => cancelTime(TASKS.import(), () => untilUnfinished(weightsFolder)));
    expect(least).toBeLessThan(100);
    expect(filesIn(weightsFolder)).toEqual([]);
  });

  it('is heard while a model is added, and leaves no file', async () => {
    const least = await leastOf(() => cancelTime(TASKS.add(), () => untilUnfinished(modelsFolder)));
    expect(least).toBeLessThan(100);
    expect(filesIn(modelsFolder)).toEqual([]);
  });
});

describe('a task that is not cancelled', () => {
  it('leaves the finished file alone', async () => {
    const imported = await startModelTask(TASKS.import()).done;
    expect(imported.task).toBe('import');
    expect(filesIn(weightsFolder)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.safetensors$/)]);
    await startModelTask(TASKS.add()).done;
    expect(filesIn(modelsFolder).sort()).toEqual([
      'resnet50',
      path.join('resnet50', 'model.json'),
      path.join('resnet50', 'resnet50.safetensors'),
    ]);
  });

  it('leaves nothing when it fails', async () => {
    const text = path.join(root, 'text.pth');
    writeFileSync(text, 'no model at all');
    const failing: readonly ModelTask[] = [
      { task: 'import', from: text, partial: false, ...asked() },
      { task: 'add', file: text, name: null, source: null, licence: null, modelsFolder, weightsFolder },
    ];
    for (const task of failing) await expect(startModelTask(task).done).rejects.toThrow();
    expect([...filesIn(weightsFolder), ...filesIn(modelsFolder)]).toEqual([]);
  });
});
