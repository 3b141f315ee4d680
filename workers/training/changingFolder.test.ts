import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { resultSchema, type RunResult } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { told } from '#core/words/testing.ts';
import { checkpointTensors, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { createTrainControl } from './trainControl.ts';
import type { TrainEvent, TrainPlan } from './trainEvents.ts';
import { trainRun } from './trainRun.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

let playground: Playground;
let undisturbed: Buffer;
beforeAll(async () => {
  playground = await openPlayground();
  const { out } = await prepare('undisturbed');
  await trainRun(optionsFor('undisturbed', 'undisturbed-images'));
  undisturbed = await checkpointTensors(out);
});
afterAll(() => playground.remove());

/** A copy of the training folder for a run of its own. */
async function prepare(name: string): Promise<{ out: string; folder: string; at: (file: string) => string }> {
  const folder = playground.at(`${name}-images`);
  await cp(playground.train, folder, { recursive: true, preserveTimestamps: true });
  return { out: playground.at(name), folder, at: (file) => path.join(folder, file) };
}

/** 24 images in batches of 5, 2 epochs: 10 steps, validated on 9 of another folder. */
function optionsFor(name: string, folder: string, extra: Partial<TrainRunOptions> = {}): TrainRunOptions {
  return {
    document: tinyDocument(),
    train: playground.at(folder),
    validation: playground.validation,
    out: playground.at(name),
    cacheFolder: playground.at(`${name}-cache`),
    backend: referenceBackend,
    ...extra,
  };
}

interface Told {
  readonly plan: TrainPlan | null;
  readonly result: RunResult;
}

/** Trains, and does `disturb` once, at the first event for which it gives true. */
async function trainWhile(
  name: string,
  disturb: (event: TrainEvent) => boolean,
  extra: Partial<TrainRunOptions> = {},
): Promise<Told> {
  let plan: TrainPlan | null = null;
  let isDisturbed = false;
  const onEvent = (event: TrainEvent): void => {
    if (event.type === 'plan') plan = event;
    if (!isDisturbed) isDisturbed = disturb(event);
  };
  const result = await trainRun(
    optionsFor(name, `${name}-images`, { checkpointEveryMs: 0, onEvent, ...extra }),
  );
  expect(isDisturbed).toBe(true);
  return { plan, result };
}

async function failure(run: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await run.catch((error: unknown) => error);
  if (!(thrown instanceof AppError)) throw new Error(`expected an AppError, got ${String(thrown)}`);
  return thrown;
}

/**
 * `a/1` goes, `b/1` gets other bytes, `c/1` is cut off, a folder stands for `a/2` and, where there are any, a named
 * pipe for `b/2`.
 */
function breakFiles(at: (file: string) => string): string[] {
  rmSync(at('a/1.png'));
  writeFileSync(at('b/1.png'), readFileSync(at('b/0.png')));
  utimesSync(at('b/1.png'), 1, 1);
  truncateSync(at('c/1.png'), 40);
  rmSync(at('a/2.png'));
  mkdirSync(at('a/2.png'));
  const broken = ['a/1.png', 'a/2.png', 'b/1.png', 'c/1.png'];
  if (process.platform === 'win32') return broken;
  rmSync(at('b/2.png'));
  execFileSync('mkfifo', [at('b/2.png')]);
  return [...broken, 'b/2.png'].sort();
}

const hasScanned = (event: TrainEvent): boolean =>
  event.type === 'progress' && event.label.key === 'work.scanning' && event.done === 24 && event.total === 24;
const isChecked = (step: number) => (event: TrainEvent) => event.type === 'checkpoint' && event.step >= step;

const STORES = [
  { store: 'memory', extra: {} },
  { store: 'a cache file', extra: { memoryBudgetBytes: 0 } },
] as const;

describe.each(STORES)('a folder that changes under a run, images in $store', ({ store, extra }) => {
  const named = (name: string): string => `${name}-${store === 'memory' ? 'memory' : 'file'}`;

  it('leaves out what changed after the scan, and lists it in the plan and in the result', async () => {
    const { at } = await prepare(named('scanned'));
    let broken: string[] = [];
    const { plan, result } = await trainWhile(
      named('scanned'),
      (event) => {
        if (!hasScanned(event)) return false;
        broken = breakFiles(at);
        return true;
      },
      extra,
    );
    expect(plan?.trainImages).toBe(24 - broken.length);
    expect(plan?.skipped.map(({ file }) => file).sort()).toEqual(broken);
    const reasons = new Map(told(plan?.skipped ?? []).map(({ file, reason }) => [file, reason]));
    expect(reasons.get('a/1.png')).toBe('it is no longer there');
    expect(reasons.get('c/1.png')).toMatch(/^it was changed after the folder was scanned/);
    expect(result.skipped).toEqual({ count: broken.length, files: plan?.skipped });
    expect(result.epochs).toBe(2);
  });

  it('ends with the same bits when files change in the middle of an epoch, and lists them', async () => {
    const { at, out } = await prepare(named('epoch'));
    let broken: string[] = [];
    const { result } = await trainWhile(
      named('epoch'),
      (event) => {
        if (!isChecked(2)(event)) return false;
        broken = breakFiles(at);
        return true;
      },
      extra,
    );
    expect((await checkpointTensors(out)).equals(undisturbed)).toBe(true);
    expect(result.skipped).toEqual({ count: 0, files: [] });
    expect(result.changedMeanwhile?.files.map(({ file }) => file).sort()).toEqual(broken);
    const reasons = new Map(
      told(result.changedMeanwhile?.files ?? []).map(({ file, reason }) => [file, reason]),
    );
    expect(reasons.get('a/1.png')).toBe('it is no longer there');
    expect(reasons.get('a/2.png')).toBe('it is no longer a file');
    expect(reasons.get('c/1.png')).toBe('it was changed');
    const stored = resultSchema.parse(JSON.parse(await readFile(path.join(out, 'result.json'), 'utf8')));
    expect(stored.changedMeanwhile).toEqual(result.changedMeanwhile);
  });

  it('ends well when the whole folder goes in the middle of an epoch; resuming such a run is refused', async () => {
    const { folder, out } = await prepare(named('whole'));
    const { result } = await trainWhile(
      named('whole'),
      (event) => {
        if (!isChecked(2)(event)) return false;
        rmSync(folder, { recursive: true });
        return true;
      },
      extra,
    );
    expect(result.changedMeanwhile?.count).toBe(24);
    expect((await checkpointTensors(out)).equals(undisturbed)).toBe(true);

    const again = await prepare(named('stopped'));
    await stopAt(named('stopped'), 3, extra);
    rmSync(again.folder, { recursive: true });
    const refused = await failure(
      trainRun(optionsFor(named('stopped'), `${named('stopped')}-images`, { ...extra, resume: true })),
    );
    expect([refused.code, refused.message]).toEqual([
      'folder-not-found',
      expect.stringContaining('There is no folder'),
    ]);
  });

  it('refuses to go on with other images and says which; with the old ones it ends with the same bits', async () => {
    const name = named('resumed');
    const { folder, out, at } = await prepare(name);
    await stopAt(name, 3, extra);
    const resume = (): Promise<RunResult> =>
      trainRun(optionsFor(name, `${name}-images`, { ...extra, resume: true }));

    const kept = { bytes: readFileSync(at('b/3.png')), time: statSync(at('b/3.png')).mtime };
    rmSync(at('b/3.png'));
    const gone = await failure(resume());
    expect(gone.code).toBe('folder-classes-differ');
    expect(gone.message).toContain(`“${folder}”`);
    expect(gone.message).toContain('0 new or changed, 1 gone or changed; bring the folder back');

    // The same name and size with other contents: only the stored split can tell.
    const other = Buffer.from(kept.bytes);
    writeFileSync(at('b/3.png'), withOtherPixels(other));
    const replaced = await failure(resume());
    expect(replaced.message).toContain('1 new or changed (b/3.png), 1 gone or changed');

    writeFileSync(at('b/3.png'), kept.bytes);
    utimesSync(at('b/3.png'), kept.time, kept.time);
    expect((await resume()).steps).toBe(10);
    expect((await checkpointTensors(out)).equals(undisturbed)).toBe(true);
  });
});

describe('files that go while they are decoded', () => {
  it('are left out and listed, and the others are trained on', async () => {
    const folder = playground.at('decoded-images');
    await drawWebp(folder, 60);
    const { plan, result } = await trainWhile('decoded', (event) => {
      if (event.type !== 'progress' || event.label.key !== 'work.decoding' || event.done === 0) return false;
      for (const file of readdirSync(path.join(folder, 'c'))) rmSync(path.join(folder, 'c', file));
      return true;
    });
    const skipped = plan?.skipped ?? [];
    expect(skipped.length).toBeGreaterThan(0);
    expect((plan?.trainImages ?? 0) + skipped.length).toBe(180);
    expect(new Set(told(skipped).map(({ reason }) => reason))).toEqual(new Set(['it is no longer there']));
    expect(result.skipped?.count).toBe(skipped.length);
  });

  it('make a note where they were all of a class, and a refusal where one class is left', async () => {
    const first = await prepare('class');
    const { plan } = await trainWhile('class', (event) => {
      if (!hasScanned(event)) return false;
      rmSync(first.at('c'), { recursive: true });
      return true;
    });
    expect(told(plan?.notes)).toContain(
      'None of the 8 training images of “c” can be read: the network never sees this class.',
    );
    const second = await prepare('classes');
    const thrown = await failure(
      trainWhile('classes', (event) => {
        if (!hasScanned(event)) return false;
        for (const name of ['b', 'c']) rmSync(second.at(name), { recursive: true });
        return true;
      }),
    );
    expect(thrown.code).toBe('folder-one-class');
    expect(thrown.message).toMatch(/only one class of .* can be read \(b\/0\.png: it is no longer there\)/);
  });

  it('refuse the run where nothing is left', async () => {
    const { folder } = await prepare('nothing');
    const thrown = await failure(
      trainWhile('nothing', (event) => {
        if (!hasScanned(event)) return false;
        rmSync(folder, { recursive: true });
        return true;
      }),
    );
    expect([thrown.code, existsSync(playground.at('nothing/run.json'))]).toEqual(['folder-no-images', false]);
  });
});

it('refuses clearly when its cache file is cut off in the middle of an epoch, and goes on to the same bits after that', async () => {
  const { out } = await prepare('torn');
  const cache = playground.at('torn-cache');
  const extra = { memoryBudgetBytes: 0 };
  const thrown = await failure(
    trainWhile(
      'torn',
      (event) => {
        if (!isChecked(2)(event)) return false;
        for (const file of readdirSync(cache)) truncateSync(path.join(cache, file), 64);
        return true;
      },
      extra,
    ),
  );
  expect([thrown.code, thrown.message]).toEqual([
    'io',
    expect.stringContaining('is damaged and was removed'),
  ]);
  await trainRun(optionsFor('torn', 'torn-images', { ...extra, resume: true }));
  expect((await checkpointTensors(out)).equals(undisturbed)).toBe(true);
});

async function stopAt(name: string, step: number, extra: Partial<TrainRunOptions>): Promise<void> {
  const control = createTrainControl();
  const thrown = await failure(
    trainWhile(
      name,
      (event) => {
        if (!isChecked(step)(event)) return false;
        control.stop();
        return true;
      },
      { ...extra, control },
    ),
  );
  expect(thrown.code).toBe('interrupted');
}

/** Another PNG of the same length, whole as far as a scan can tell. */
function withOtherPixels(png: Buffer): Buffer {
  const at = png.indexOf('IDAT');
  if (at < 0) throw new Error('no pixels in this PNG');
  const end = at + 4 + png.readUInt32BE(at - 4);
  png.writeUInt8(png.readUInt8(end - 1) ^ 1, end - 1);
  png.writeUInt32BE(crc32(png.subarray(at, end)), end);
  return png;
}

/** Images that only the general decoder reads, one request of 16 after another. */
async function drawWebp(folder: string, count: number): Promise<void> {
  for (const [row, name] of ['a', 'b', 'c'].entries()) {
    mkdirSync(path.join(folder, name), { recursive: true });
    for (let number = 0; number < count; number += 1) {
      const raw = { width: 6, height: 6, channels: 3 } as const;
      const pixels = Uint8Array.from({ length: 108 }, (_, at) => (at * 7 + row * 90 + number) % 256);
      await sharp(pixels, { raw })
        .webp()
        .toFile(path.join(folder, name, `${number}.webp`));
    }
  }
}
