import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LabEvent } from '#core/contract/labApi.ts';
import { openStream } from '#core/training/random.ts';
import type { MessageKey } from '#core/words/english.ts';
import type { Message } from '#core/words/message.ts';
import { readingThread, type ReadingThread } from '../reading/readingThread.ts';
import { openHostFolder, type HostFolder } from '../testing/hostFolder.ts';
import { refusal, RunLab } from '../testing/runLab.ts';

/*
 * Each task runs in its own thread, is cancelled half way, and must have ended 100 ms later. A busy machine may miss
 * that by chance, but not repeatedly: CI waits longer, and every case is retried.
 */
const HEARD_MS = process.env['CI'] === undefined ? 100 : 1_000;
/** Writing and syncing a checkpoint. */
const SAVED_MS = 4 * HEARD_MS;
const TRIES = { retry: 4, timeout: 120_000 };
/** Enough for every task to last a multiple of the limit. */
const IMAGES = 6_000;

let folder: HostFolder;
beforeAll(async () => {
  folder = await openHostFolder();
  await drawMany(folder.at('train'), IMAGES);
  await mkdir(folder.at('out'));
});
afterAll(() => folder.remove());

/** PNM files of 6 × 6 grey pixels in three classes: quick to write, each with its own content. */
async function drawMany(into: string, count: number): Promise<void> {
  const random = openStream(1, 'pictures');
  for (const name of ['a', 'b', 'c']) await mkdir(path.join(into, name), { recursive: true });
  for (let index = 0; index < count; index += 1) {
    const pixels = Uint8Array.from({ length: 36 }, () => random.below(256));
    const file = path.join(into, ['a', 'b', 'c'][index % 3] ?? '', `${index}.pgm`);
    await writeFile(file, Buffer.concat([Buffer.from('P5 6 6 255\n'), pixels]));
  }
}

/** Milliseconds from the cancel to the end of the work. */
async function heard(cancel: () => void, end: Promise<unknown>): Promise<number> {
  const from = performance.now();
  cancel();
  await end;
  return performance.now() - from;
}

describe('a scan', () => {
  let thread: ReadingThread;
  const told: LabEvent[] = [];
  beforeAll(() => {
    thread = readingThread({ cacheFolder: folder.home.cache, weightsFolder: folder.home.weights }, (event) =>
      told.push(event),
    );
  });
  afterAll(() => thread.close());

  it('hears its cancel while it goes through the files', TRIES, async () => {
    told.length = 0;
    const done = refusal(() => thread.call('scan', { folder: folder.at('train'), scanId: 'x' }));
    while (told.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(told.at(-1)).not.toMatchObject({ done: IMAGES });
    const ms = await heard(() => void thread.call('cancelScan', { scanId: 'x' }), done);
    expect((await done).code).toBe('interrupted');
    expect(ms).toBeLessThan(HEARD_MS);
  });
});

describe('of a run', () => {
  let lab: RunLab;
  beforeEach(() => {
    lab = new RunLab(folder);
  });
  afterEach(() => Promise.all([lab.runs.close(), lab.exports.close(), lab.recalibrations.close()]));

  /** Resolves once the work reports progress within the part with the label `key`. */
  const within = (key: MessageKey): Promise<Progress> =>
    lab.until(() => progresses(lab.events).find((told) => told.label.key === key && told.done > 0) ?? null);

  /** A run that was stopped after a few steps: its averaged weights have no statistics yet. */
  async function stopped(): Promise<string> {
    const runId = await lab.start({
      epochs: 20_000,
      averaging: { kind: 'ema', decay: 0.9, validate: 'average' },
    });
    await lab.until(() => (lab.metrics().length > 3 ? true : null));
    lab.runs.stop(runId);
    await lab.phase('stopped');
    lab.events.length = 0;
    return runId;
  }

  it('decoding hears a stop', TRIES, async () => {
    const runId = await lab.start({ epochs: 1 });
    expect((await within('work.decoding')).done).toBeLessThan(IMAGES);
    expect(await heard(() => lab.runs.stop(runId), lab.phase('stopped'))).toBeLessThan(HEARD_MS);
  });

  it('training hears a stop, and has its state on the disk', TRIES, async () => {
    const runId = await lab.start({ epochs: 20_000 });
    await lab.until(() => (lab.metrics().length > 3 ? true : null));
    expect(await heard(() => lab.runs.stop(runId), lab.phase('stopped'))).toBeLessThan(HEARD_MS + SAVED_MS);
    expect((await lab.runs.list()).find((run) => run.runId === runId)?.lastCheckpointAt).not.toBeNull();
  });

  it('recalibration hears a cancel', TRIES, async () => {
    const runId = await stopped();
    const done = refusal(() => lab.recalibrations.recalibrate(runId, null));
    const { done: read, total } = await within('work.measuring');
    expect(read).toBeLessThan(total ?? 0);
    expect(await heard(() => lab.recalibrations.cancel(runId), done)).toBeLessThan(HEARD_MS);
    expect((await done).code).toBe('interrupted');
  });

  it('export hears a cancel', TRIES, async () => {
    const runId = await stopped();
    const { grant } = lab.grants.grant(folder.at('out'));
    const asked = { runId, exportId: 'one', format: 'onnx', foldBatchNorm: false } as const;
    const done = refusal(() =>
      lab.exports.export({ ...asked, folder: grant, name: 'net', overwrite: false }),
    );
    const { done: read, total } = await within('work.measuring');
    expect(read).toBeLessThan(total ?? 0);
    expect(await heard(() => lab.exports.cancel('one'), done)).toBeLessThan(HEARD_MS);
    expect((await done).code).toBe('interrupted');
    await expect.poll(() => readdir(folder.at('out')), { timeout: 20_000 }).toEqual([]);
  });
});

interface Progress {
  readonly label: Message;
  readonly done: number;
  readonly total: number | null;
}

function progresses(events: readonly LabEvent[]): Progress[] {
  return events.flatMap((event) => {
    if (event.event === 'runState') return event.state.progress ?? [];
    if (event.event === 'recalibration' || event.event === 'exportProgress') return event.progress ?? [];
    return [];
  });
}
