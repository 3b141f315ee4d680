import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StatisticsPass } from '#core/batchnorm/statisticsPass.ts';
import { decodeSafetensors, encodeSafetensors } from '#core/export/safetensors.ts';
import { tinyDocument, tinyProgram, tinySession } from '#core/training/testing/tinyRun.ts';
import { withHashes } from './checkpointHashes.ts';
import { loadCheckpoint, saveCheckpoint, type Counters } from './checkpoint.ts';
import { claimRunFolder, type RunFolder } from '../folder/runFolder.ts';
import { openPlayground, withSystem, type Playground } from '../testing/imageFolder.ts';

const document = tinyDocument({ optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } });
const { layout, state } = tinySession(document);
const counters: Counters = {
  position: {
    epoch: 1,
    batch: 2,
    step: 7,
    totals: { samples: 10, lossSum: 1 / 3, correct: 4 },
    lastEpoch: { train: { loss: 0.1 + 0.2, accuracy: 0.5 }, validation: { loss: NaN, accuracy: 0.25 } },
  },
  metrics: { bytes: 123, events: 9 },
  elapsedMs: 1234.5,
  trainedImages: 33,
  trainingMs: 1000,
  dataWaitMs: 3,
};

/** Bits between two flips; a prime, so that every bit position of a byte is covered. */
const FLIP_EVERY = 97;

const PASS: StatisticsPass = {
  ...{ batches: 4, images: 24, passes: 1 },
  errors: [{ node: 'bn1', typical: { mean: 0.1, variance: 0.2 }, worst: { mean: 0.3, variance: null } }],
  judged: { on: 'train', before: { loss: null, accuracy: 0.5 }, after: { loss: 0.5, accuracy: 0.6 } },
};

let playground: Playground;
let run: RunFolder;
beforeEach(async () => {
  playground = await openPlayground();
  const claimed = await claimRunFolder(playground.at('run'), false);
  await claimed.release();
  run = claimed;
});
afterEach(() => playground.remove());

describe('checkpoint', () => {
  it('brings back every bit of state and counters', async () => {
    const noisy = state.map((value, index) => value + index * 1e-9);
    await saveCheckpoint(run, layout, noisy, counters);
    const back = new Float64Array(layout.totalSize);
    expect(await loadCheckpoint(run, layout, back, 'training')).toEqual({
      counters,
      statistics: 'moving-average',
      averageStatistics: 'moving-average',
      pass: null,
      averagePass: null,
      best: null,
      foreign: null,
    });
    expect(back).toEqual(noisy);
    expect(await readdir(run.path)).toEqual(['checkpoint.safetensors']);
  });

  it('is null before the first', async () => {
    expect(await loadCheckpoint(run, layout, state.slice(), 'training')).toBeNull();
  });

  it('keeps the moving averages beside exact statistics, for training to go on from', async () => {
    const exact = state.slice();
    exact.fill(42, layout.statisticsOffset, layout.statisticsOffset + layout.statisticsSize);
    const averages = state.slice(layout.statisticsOffset, layout.statisticsOffset + layout.statisticsSize);
    await saveCheckpoint(run, layout, exact, counters, { raw: { moving: averages, pass: PASS } });
    const inference = state.slice();
    const training = state.slice();
    expect(await loadCheckpoint(run, layout, inference, 'inference')).toMatchObject({
      statistics: 'exact',
      pass: PASS,
      averagePass: null,
    });
    expect(await loadCheckpoint(run, layout, training, 'training')).toMatchObject({
      statistics: 'moving-average',
      pass: null,
    });
    expect(inference).toEqual(exact);
    expect(training).toEqual(state);
  });

  it.each(['{"batches":', '{"batches":4}'])('is good without the pass it cannot read: %s', async (text) => {
    const moving = state.slice(layout.statisticsOffset, layout.statisticsOffset + layout.statisticsSize);
    await saveCheckpoint(run, layout, state, counters, { raw: { moving, pass: PASS } });
    const { tensors, metadata } = decodeSafetensors(await readFile(run.files.checkpoint));
    const parts = [...tensors].map(([name, tensor]) => ({ name, ...tensor }));
    const { hashes: _hashes, digest: _digest, ...plain } = metadata;
    const changed = withHashes(parts, { ...plain, pass: text });
    await writeFile(run.files.checkpoint, encodeSafetensors(parts, changed));
    expect(await loadCheckpoint(run, layout, state.slice(), 'inference')).toMatchObject({
      statistics: 'exact',
      pass: null,
    });
  });

  it('refuses a state that is not finite, and keeps the good one', async () => {
    await saveCheckpoint(run, layout, state, counters);
    const before = await readFile(run.files.checkpoint);
    const broken = state.slice();
    broken[3] = NaN;
    await expect(saveCheckpoint(run, layout, broken, counters)).rejects.toMatchObject({ code: 'diverged' });
    expect(await readFile(run.files.checkpoint)).toEqual(before);
  });

  it('refuses one of another network, naming the tensor', async () => {
    await saveCheckpoint(run, layout, state, counters);
    const wider = tinyProgram(tinyDocument({ optimizer: document.training.optimizer }, 4), 'train').state;
    const attempt = loadCheckpoint(run, wider, new Float64Array(wider.totalSize), 'training');
    await expect(attempt).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(attempt).rejects.toThrow(/dense1\.weights does not fit the network/);
    const sgd = tinyProgram(tinyDocument(), 'train').state;
    const fewer = loadCheckpoint(run, sgd, new Float64Array(sgd.totalSize), 'training');
    await expect(fewer).rejects.toThrow(/optimizer\.2 does not fit the network/);
  });

  it.each([0, 5, 300, -1])('refuses a file cut off at byte %i', async (length) => {
    await saveCheckpoint(run, layout, state, counters);
    const bytes = await readFile(run.files.checkpoint);
    await writeFile(run.files.checkpoint, bytes.subarray(0, length < 0 ? bytes.length + length : length));
    const attempt = loadCheckpoint(run, layout, state.slice(), 'training');
    await expect(attempt).rejects.toMatchObject({ code: 'run-invalid', where: run.files.checkpoint });
    await expect(attempt).rejects.toThrow(/cannot be used: .*restore it from a copy/);
  });

  it('notices every flipped bit, in its values and in its description', async () => {
    await saveCheckpoint(run, layout, state, counters);
    const good = await readFile(run.files.checkpoint);
    for (let place = 0; place < good.length * 8; place += FLIP_EVERY) {
      const bytes = Buffer.from(good);
      bytes.writeUInt8(bytes.readUInt8(place >> 3) ^ (1 << (place & 7)), place >> 3);
      await writeFile(run.files.checkpoint, bytes);
      const attempt = loadCheckpoint(run, layout, state.slice(), 'training');
      await expect(attempt, `bit ${String(place)}`).rejects.toMatchObject({
        ...{ code: 'run-invalid', where: run.files.checkpoint },
      });
    }
  });

  it('names the changed values, and the other file where there is one', async () => {
    await saveCheckpoint(run, layout, state, counters);
    const bytes = await readFile(run.files.checkpoint);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(run.files.checkpoint, bytes);
    const load = (which: 'last' | 'best') => loadCheckpoint(run, layout, state.slice(), 'inference', which);
    await expect(load('last')).rejects.toThrow(/\w+\.\w+ is not what was written.*restore it from a copy/);
    const best = { epoch: 1, step: 5, valAccuracy: 0.5, valLoss: null };
    await saveCheckpoint(run, layout, state, counters, { best });
    await expect(load('last')).rejects.toThrow(/--checkpoint best/);
    expect(await load('best')).toMatchObject({ best });
  });

  it('reads one of an older version, without hashes', async () => {
    await saveCheckpoint(run, layout, state, counters);
    const { tensors, metadata } = decodeSafetensors(await readFile(run.files.checkpoint));
    const parts = [...tensors].map(([name, tensor]) => ({ name, ...tensor }));
    const { hashes: _hashes, digest: _digest, ...plain } = metadata;
    await writeFile(run.files.checkpoint, encodeSafetensors(parts, plain));
    const back = state.slice().fill(0);
    expect(await loadCheckpoint(run, layout, back, 'training')).toMatchObject({ counters });
    expect(back).toEqual(state);
  });

  it('keeps the old one when the disk is full', async (context) => {
    const mounted = await withSystem(
      ['mount', '-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', run.path],
      ['umount', run.path],
      async () => {
        await saveCheckpoint(run, layout, state, counters);
        const before = await readFile(run.files.checkpoint);
        await writeFile(`${run.path}/ballast`, Buffer.alloc(8_000));
        const failed = saveCheckpoint(run, layout, state, { ...counters, trainedImages: 1e6 });
        await expect(failed).rejects.toMatchObject({ code: 'disk-full' });
        expect(await readFile(run.files.checkpoint)).toEqual(before);
        expect((await readdir(run.path)).sort()).toEqual(['ballast', 'checkpoint.safetensors']);
      },
    );
    if (!mounted) context.skip('needs the right to mount a tmpfs');
  });
});
