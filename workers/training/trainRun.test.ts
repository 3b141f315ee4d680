import { mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { readMetrics } from '../runs/metrics/metricsWriter.ts';
import { readRunStatus } from '../runs/folder/runFolder.ts';
import {
  checkpointTensors,
  drawImages,
  openPlayground,
  withSystem,
  type Playground,
} from '../runs/testing/imageFolder.ts';
import { createTrainControl } from './trainControl.ts';
import type { TrainEvent } from './trainEvents.ts';
import { trainRun } from './trainRun.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

const document = tinyDocument();
let playground: Playground;
let undisturbed: Buffer;
beforeAll(async () => {
  playground = await openPlayground();
  await trainRun(options('undisturbed'));
  undisturbed = await checkpointTensors(playground.at('undisturbed'));
});
afterAll(() => playground.remove());

/** 24 images in batches of 5, 2 epochs: 10 steps, validated on 9. */
function options(name: string, extra: Partial<TrainRunOptions> = {}): TrainRunOptions {
  return {
    document,
    train: playground.train,
    validation: playground.validation,
    out: playground.at(name),
    cacheFolder: playground.cache,
    backend: referenceBackend,
    ...extra,
  };
}

/** Stops a run after `steps` steps, and returns the error it threw. */
async function stopAfter(
  name: string,
  steps: number,
  extra: Partial<TrainRunOptions> = {},
): Promise<unknown> {
  const control = createTrainControl();
  const thrown = trainRun(
    options(name, {
      ...extra,
      control,
      checkpointEveryMs: 0,
      onEvent: (event) => {
        if (event.type === 'checkpoint' && event.step >= steps) control.stop();
      },
    }),
  );
  return thrown.then(
    () => null,
    (error: unknown) => error,
  );
}

async function failure(run: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await run.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw new Error(`expected an AppError, got ${String(thrown)}`);
  return thrown;
}

describe('a run from its start to its end', () => {
  it('writes manifest, metrics, checkpoint and result, and tells what it does', async () => {
    const events: TrainEvent[] = [];
    const out = playground.at('whole');
    const result = await trainRun(
      options('whole', { name: 'My run', onEvent: (event) => events.push(event) }),
    );
    expect(result).toMatchObject({ run: out, epochs: 2, steps: 10, precision: 'f64' });
    expect(result.val?.accuracy).toBeGreaterThan(0.5);
    expect(result.imagesPerSecond).toBeGreaterThan(0);
    expect((await readdir(out)).sort()).toEqual([
      'best.safetensors',
      'checkpoint.safetensors',
      'decisions.bin',
      'metrics.jsonl',
      'result.json',
      'run.json',
      'split.json',
    ]);

    const status = await readRunStatus(out);
    if (status.kind !== 'finished') throw new Error('the run is not finished');
    expect(status.result).toEqual(result);
    expect(status.manifest).toMatchObject({
      name: 'My run',
      classNames: ['a', 'b', 'c'],
      preprocessing: { height: 6, width: 6, channels: 1 },
      data: { trainImages: 24, validationImages: 9 },
      compute: { backend: 'reference', precision: 'f64' },
    });

    const metrics = await readMetrics(out);
    expect(metrics.filter(({ kind }) => kind === 'step').map(({ step }) => step)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    const epochs = metrics.filter((event) => event.kind === 'epoch');
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 5],
      [2, 10],
    ]);
    expect(epochs[1]).toMatchObject({ loss: result.train.loss, valAccuracy: result.val?.accuracy });
    expect(metrics.find((event) => event.kind === 'statistics')?.layers).toMatchObject([
      { node: 'bn1', warmup: 0.8 },
    ]);

    const told = events.flatMap((event) => (event.type === 'metrics' ? event.events : []));
    expect(told).toEqual(metrics);
    expect(events.find(({ type }) => type === 'plan')).toMatchObject({
      steps: 10,
      stepsPerEpoch: 5,
      fromStep: 0,
      fromEpoch: 0,
    });
    expect(events.at(-1)).toMatchObject({ type: 'checkpoint', step: 10 });
  });

  it('gives the same bits again', async () => {
    await trainRun(options('again'));
    expect((await checkpointTensors(playground.at('again'))).equals(undisturbed)).toBe(true);
  });

  it('sets a share of the folder apart when there is none for validation', async () => {
    const split = { ...document, data: { ...document.data, validationFraction: 0.25 } };
    const result = await trainRun(options('split', { document: split, validation: null }));
    expect(result.steps).toBe(8);
    const status = await readRunStatus(playground.at('split'));
    expect(status).toMatchObject({ manifest: { data: { trainImages: 18, validationImages: 6 } } });
  });
});

describe('stopping and resuming', () => {
  it.each([1, 4, 5, 6, 9])(
    'goes on after %i steps with the same bits and the same metrics',
    async (steps) => {
      const name = `stopped-${steps}`;
      const stopped = await stopAfter(name, steps);
      expect(stopped).toMatchObject({ code: 'interrupted' });
      expect((stopped as AppError).message).toContain(playground.at(name));
      const result = await trainRun(options(name, { resume: true }));
      expect(result.steps).toBe(10);
      expect((await checkpointTensors(playground.at(name))).equals(undisturbed)).toBe(true);
      const losses = async (run: string) =>
        (await readMetrics(playground.at(run))).flatMap((event) =>
          'loss' in event ? [[event.step, event.loss]] : [],
        );
      expect(await losses(name)).toEqual(await losses('undisturbed'));
    },
  );

  it('needs neither project nor folders to resume', async () => {
    await stopAfter('bare', 3);
    await trainRun(options('bare', { document: null, train: null, validation: null, resume: true }));
    expect((await checkpointTensors(playground.at('bare'))).equals(undisturbed)).toBe(true);
  });

  it('starts afresh without a checkpoint, and without a manifest', async () => {
    for (const lost of ['checkpoint.safetensors', 'run.json']) {
      await stopAfter('lost', 4);
      await unlink(path.join(playground.at('lost'), lost));
      await trainRun(options('lost', { resume: true }));
      expect((await checkpointTensors(playground.at('lost'))).equals(undisturbed)).toBe(true);
      await rm(playground.at('lost'), { recursive: true });
    }
  });

  it('gives the result of a finished run, also when only the result was lost', async () => {
    const before = await trainRun(options('finished'));
    expect(await trainRun(options('finished', { resume: true }))).toEqual(before);
    await unlink(path.join(playground.at('finished'), 'result.json'));
    expect(await trainRun(options('finished', { resume: true }))).toMatchObject({
      train: before.train,
      val: before.val,
    });
  });

  it('idles while paused, with the state saved, and goes on with the same bits', async () => {
    const control = createTrainControl();
    const events: TrainEvent[] = [];
    const running = trainRun(
      options('paused', {
        control,
        checkpointEveryMs: 0,
        onEvent: (event) => {
          events.push(event);
          if (event.type === 'checkpoint' && event.step === 3) control.pause();
        },
      }),
    );
    while (!events.some((event) => event.type === 'phase' && event.phase === 'paused')) await delay(5);
    const seen = events.length;
    const before = process.cpuUsage();
    await delay(150);
    const used = process.cpuUsage(before);
    expect(events.length).toBe(seen);
    expect(used.user + used.system).toBeLessThan(75_000);
    control.resume();
    const { seconds } = await running;
    expect(seconds).toBeGreaterThan(0);
    const phases = events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []));
    expect(phases).toEqual(['running', 'paused', 'running']);
    expect((await checkpointTensors(playground.at('paused'))).equals(undisturbed)).toBe(true);
  });

  it('says so when stopped before training began', async () => {
    const control = createTrainControl();
    control.stop();
    const error = await failure(trainRun(options('early', { control })));
    expect(error).toMatchObject({ code: 'interrupted' });
    expect(error.message).toContain('before training began');
    await trainRun(options('early', { resume: true }));
    expect((await checkpointTensors(playground.at('early'))).equals(undisturbed)).toBe(true);
  });
});

describe('more epochs than before', () => {
  const constant = (epochs: number) => tinyDocument({ epochs, schedule: { kind: 'constant' } });

  it('of a run that was stopped: the bits of one that was begun with so many', async () => {
    await trainRun(options('four', { document: constant(4) }));
    await stopAfter('two', 4, { document: constant(2) });
    const result = await trainRun(options('two', { document: null, resume: true, wish: { epochs: 4 } }));
    expect(result).toMatchObject({ epochs: 4, steps: 20, extensions: [{ fromEpochs: 2 }] });
    expect(await checkpointTensors(playground.at('two'))).toEqual(
      await checkpointTensors(playground.at('four')),
    );
  });

  it('makes a finished run a begun one, even when it is killed before the old result is gone', async () => {
    await trainRun(options('crash', { document: constant(2) }));
    const old = await readFile(path.join(playground.at('crash'), 'result.json'));
    const again = options('crash', { document: null, resume: true, wish: { epochs: 4 } });
    await stopAfter('crash', 12, again);
    await writeFile(path.join(playground.at('crash'), 'result.json'), old);
    expect(await readRunStatus(playground.at('crash'))).toMatchObject({ kind: 'begun' });
    expect(await trainRun({ ...again, wish: {} })).toMatchObject({ epochs: 4, steps: 20 });
  });

  it('are refused for a finished run whose checkpoint is gone, which stays as it is', async () => {
    await trainRun(options('gone', { document: constant(2) }));
    await unlink(path.join(playground.at('gone'), 'checkpoint.safetensors'));
    const error = await failure(
      trainRun(options('gone', { resume: true, document: null, wish: { epochs: 4 } })),
    );
    expect(error).toMatchObject({ code: 'run-has-no-weights' });
    expect(await readRunStatus(playground.at('gone'))).toMatchObject({ kind: 'finished' });
  });
});

describe('refusals', () => {
  it('does not write over a run', async () => {
    expect(await failure(trainRun(options('undisturbed')))).toMatchObject({ code: 'run-exists' });
    expect((await checkpointTensors(playground.at('undisturbed'))).equals(undisturbed)).toBe(true);
  });

  it('does not resume under other settings', async () => {
    await stopAfter('settings', 2);
    const error = await failure(
      trainRun(options('settings', { resume: true, document: tinyDocument({ epochs: 9 }) })),
    );
    expect(error).toMatchObject({ code: 'arguments' });
    expect(error.message).toContain('training.epochs: 2, now 9');
  });

  it('does not resume on other images', async () => {
    await drawImages(playground.at('changing'), 8, 1);
    await stopAfter('images', 2, { train: playground.at('changing') });
    await drawImages(playground.at('changing'), 9, 1);
    const error = await failure(
      trainRun(options('images', { resume: true, train: playground.at('changing') })),
    );
    expect(error.message).toContain('are not those that the run');
    expect(error.where).toBe(playground.at('changing'));
  });

  it('names what is wrong with folders and network', async () => {
    await drawImages(playground.at('lonely'), 4, 1, ['only']);
    await drawImages(playground.at('others'), 4, 1, ['a', 'b', 'z']);
    const codes = await Promise.all([
      failure(trainRun(options('x1', { train: playground.at('lonely') }))),
      failure(trainRun(options('x2', { train: playground.at('nowhere') }))),
      failure(trainRun(options('x3', { validation: playground.at('others') }))),
      failure(trainRun(options('x4', { document: tinyDocument({}, 4) }))),
      failure(trainRun(options('x5', { document: { ...document, graph: { nodes: {}, wires: {} } } }))),
      failure(trainRun(options('x6', { document: tinyDocument({ batchSize: 100, remainder: 'drop' }) }))),
    ]);
    expect(codes.map(({ code }) => code)).toEqual([
      'folder-one-class',
      'folder-not-found',
      'folder-classes-differ',
      'graph-invalid',
      'graph-invalid',
      'batch-too-small',
    ]);
    expect(codes[2]?.message).toContain('“z”');
  });

  it('ends a run that diverges, with the last good checkpoint kept', async () => {
    const wild = tinyDocument({ learningRate: 1e155, schedule: { kind: 'constant' }, epochs: 50 });
    const error = await failure(trainRun(options('wild', { document: wild, checkpointEveryMs: 0 })));
    expect(error).toMatchObject({ code: 'diverged' });
    expect(error.message).toMatch(/at step \d+ \(epoch \d+\).*try a learning rate of 1e\+154/);
    expect(error.message).toMatch(/The checkpoint of step \d+ \(after \d epochs?\) is kept/);
    const good = await checkpointTensors(playground.at('wild'));
    const values = new Float64Array(good.buffer.slice(good.byteOffset, good.byteOffset + good.byteLength));
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

describe('disks that fail', () => {
  it('keeps what was saved when the disk fills up, and goes on from it afterwards', async (context) => {
    const folder = playground.at('small-disk');
    await mkdir(folder);
    const mounted = await withSystem(
      ['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder],
      ['umount', folder],
      async () => {
        await stopAfter('small-disk', 4);
        const saved = await readFile(path.join(folder, 'checkpoint.safetensors'));
        await fill(path.join(folder, '.ballast'));
        const error = await failure(trainRun(options('small-disk', { resume: true, checkpointEveryMs: 0 })));
        expect(error).toMatchObject({ code: 'disk-full' });
        expect(error.message).toMatch(/^The disk is full: .* free some space or choose another folder\.$/);
        expect(await readFile(path.join(folder, 'checkpoint.safetensors'))).toEqual(saved);
        expect(await readFile(path.join(folder, 'metrics.jsonl'), 'utf8')).toMatch(/\n$/);
        await unlink(path.join(folder, '.ballast'));
        await trainRun(options('small-disk', { resume: true }));
        expect((await checkpointTensors(folder)).equals(undisturbed)).toBe(true);
        const steps = async (name: string): Promise<number[]> =>
          (await readMetrics(playground.at(name)))
            .filter(({ kind }) => kind === 'step')
            .map(({ step }) => step);
        expect(await steps('small-disk')).toEqual(await steps('undisturbed'));
      },
    );
    if (!mounted) context.skip('needs the right to mount a tmpfs');
  });

  it('refuses a folder that may not be written, before it decodes anything', async (context) => {
    await stopAfter('locked', 4);
    const folder = playground.at('locked');
    const saved = await readFile(path.join(folder, 'checkpoint.safetensors'));
    const locked = await withSystem(['chattr', '+i', folder], ['chattr', '-i', folder], async () => {
      const events: TrainEvent[] = [];
      const attempt = trainRun(options('locked', { resume: true, onEvent: (event) => events.push(event) }));
      expect(await failure(attempt)).toMatchObject({ code: 'output-not-writable' });
      expect(events).toEqual([]);
      expect(await readFile(path.join(folder, 'checkpoint.safetensors'))).toEqual(saved);
    });
    if (!locked) context.skip('needs the right to make a folder immutable');
  });
});

/** Writes until no space is left. */
async function fill(file: string): Promise<void> {
  for (let size = 64; size > 0; size -= 1) {
    const done = await writeFile(file, Buffer.alloc(size * 1024)).then(
      () => true,
      () => false,
    );
    if (done) return;
  }
}
