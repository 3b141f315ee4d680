import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { frozenWeights } from '#core/export/frozenWeights.ts';
import { decodeSafetensors, encodeSafetensors, type TensorToWrite } from '#core/export/safetensors.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { loadRun } from '../checkpoint/loadModel.ts';
import { readSplit } from '../data/runSplit.ts';
import { readRunStatus } from '../folder/runFolder.ts';
import { readRun } from '../list/runsOnDisk.ts';
import { readMetrics } from '../metrics/metricsWriter.ts';
import { eventsOf, RemoteFolder, remoteModel, STEPS_PER_EPOCH } from '../testing/remoteFolder.ts';
import { importRemote } from './importRemote.ts';

let root: string;
let remote: RemoteFolder;
let out: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'normlab-import-'));
  remote = new RemoteFolder(join(root, 'project', 'output'));
  out = join(root, 'run');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const importIt = (overwrite = false) => importRemote({ folder: remote.folder, out, overwrite });

function finished(): void {
  remote.train(1, remote.facts.steps);
  remote.finish();
}

/** Rewrites a file of weights with other tensors or metadata. */
async function rewrite(
  which: 'last' | 'best',
  change: (tensors: TensorToWrite[], metadata: Record<string, string>) => TensorToWrite[],
): Promise<void> {
  const { tensors, metadata } = decodeSafetensors(await readFile(remote.path(which)));
  const list = [...tensors].map(([name, tensor]): TensorToWrite => ({ name, ...tensor }));
  const changed = { ...metadata };
  writeFileSync(remote.path(which), encodeSafetensors(change(list, changed), changed));
}

async function refused(): Promise<AppError> {
  const error: unknown = await importIt().then(
    () => new Error('was imported'),
    (thrown: unknown) => thrown,
  );
  expect(existsSync(out), 'nothing is left').toBe(false);
  expect(readdirSync(root)).toEqual(['project']);
  if (error instanceof AppError) return error;
  throw error;
}

describe('importing a training from elsewhere', () => {
  it('makes a run with weights and BatchNorm statistics bit for bit', async () => {
    finished();
    const made = await importRemote({ folder: join(root, 'project'), out, overwrite: false });
    expect(made).toMatchObject({ isSnapshot: false, epochs: 4, step: 24, batchesSeen: 24, hasBest: true });
    for (const [which, epochs, seed] of [
      ['last', 4, 1],
      ['best', 3, 2],
    ] as const) {
      const { model } = await loadRun(out, undefined, which);
      const wanted = remoteModel(remote.document, epochs, seed);
      const size = wanted.layout.statisticsOffset + wanted.layout.statisticsSize;
      expect(model.state.slice(0, size)).toEqual(Float32Array.from(wanted.state.slice(0, size)));
      expect(model.classNames).toEqual(wanted.classNames);
      expect(model.preprocessing).toEqual(wanted.preprocessing);
      expect(model.provenance).toMatchObject({ batchesSeen: epochs * STEPS_PER_EPOCH, epochs });
      // Exported again, tensors and counters are those of the file, bit for bit.
      const { tensors } = frozenWeights(model, { foldBatchNorm: false });
      const file = decodeSafetensors(await readFile(remote.path(which)));
      expect(new Map(tensors.map(({ name, data }) => [name, data]))).toEqual(
        new Map([...file.tensors].map(([name, { data }]) => [name, data])),
      );
    }
  });

  it('brings curves, split, result and where it was trained', async () => {
    finished();
    await importIt();
    expect(await readMetrics(out)).toEqual(eventsOf(1, 24));
    expect((await readSplit(out)).validation.size).toBe(1);
    const state = await readRun(root, 'run');
    expect(state).toMatchObject({
      ...{ phase: 'finished', name: 'Faraway', step: 24, steps: 24, precision: 'bf16' },
      origin: { kind: 'remote', worldSize: 2, device: 'cuda', isSnapshot: false },
      result: { val: { accuracy: 0.75 }, best: { epoch: 3, step: 18, valAccuracy: 0.875 } },
    });
    expect(state?.project).toMatchObject({ id: remote.document.id });
  });

  it('imports a training that goes on as a stopped run, with the curves up to its weights', async () => {
    remote.train(1, 15);
    remote.weights('last', 2);
    const made = await importIt();
    expect(made).toMatchObject({ isSnapshot: true, epochs: 2, step: 12, hasBest: false });
    expect(await readMetrics(out)).toEqual(eventsOf(1, 12));
    expect(await readRun(root, 'run')).toMatchObject({ phase: 'stopped', result: null, step: 12, steps: 24 });
    const { model } = await loadRun(out);
    expect(model.provenance).toMatchObject({ batchesSeen: 12, epochs: 2 });
  });

  it('keeps averaged weights and counters of single blocks as they are', async () => {
    const averaging = { kind: 'ema', decay: 0.9, validate: 'average' } as const;
    const document = tinyDocument({ epochs: 4, batchSize: 4, averaging });
    remote = new RemoteFolder(remote.folder, {}, document);
    remote.train(1, 24);
    const { provenance } = remoteModel(document, 4);
    remote.weights('last', 4, 1, {
      provenance: { ...provenance, weights: 'ema', statistics: 'exact', seenBy: new Map([['bn1', 7]]) },
    });
    await importIt();
    const { model, weights } = await loadRun(out);
    expect(weights).toBe('ema');
    expect(model.provenance).toMatchObject({ weights: 'ema', statistics: 'exact', batchesSeen: 24 });
    expect(model.provenance.seenBy?.get('bn1')).toBe(7);
    await expect(loadRun(out, 'raw')).rejects.toMatchObject({ code: 'arguments' });
  });

  it('replaces an earlier import when asked to, and no other run', async () => {
    finished();
    await importIt();
    await expect(importIt()).rejects.toMatchObject({ code: 'output-exists' });
    remote.weights('last', 4, 9);
    await importIt(true);
    const { model } = await loadRun(out);
    expect(model.state[0]).toBe(remoteModel(remote.document, 4, 9).state[0]);
    const manifest = join(out, 'run.json');
    const { origin: _, ...trainedHere } = JSON.parse(await readFile(manifest, 'utf8')) as { origin: unknown };
    writeFileSync(manifest, JSON.stringify(trainedHere));
    await expect(importIt(true)).rejects.toMatchObject({ code: 'output-foreign' });
    expect((await readRunStatus(out)).kind).toBe('finished');
  });
});

describe('what is refused at an import, with its reason', () => {
  it('tensors that are missing, surplus, or of another shape or type', async () => {
    finished();
    await rewrite('last', (tensors) => tensors.filter(({ name }) => name !== 'bn1.running_var'));
    expect((await refused()).message).toMatch(/does not have: bn1\.running_var/);
    remote.weights('last', 4);
    const extra = { name: 'extra.weight', dtype: 'F32', shape: [1], data: new Float32Array(1) } as const;
    await rewrite('last', (tensors) => [...tensors, extra]);
    expect((await refused()).message).toMatch(/network does not have: extra\.weight/);
    remote.weights('last', 4);
    await rewrite('last', (tensors) =>
      tensors.map((each) => (each.name === 'conv1.weight' ? { ...each, shape: [2, 2, 3, 3] } : each)),
    );
    expect((await refused()).message).toMatch(/conv1\.weight is \[2, 2, 3, 3\].*needs \[4, 1, 3, 3\]/);
    remote.weights('last', 4);
    await rewrite('last', (tensors) =>
      tensors.map((each) =>
        each.name === 'bn1.bias' ? { ...each, dtype: 'I32', data: new Int32Array(4) } : each,
      ),
    );
    expect((await refused()).message).toMatch(/bn1\.bias is of the type I32, not F32/);
  });

  it('numbers that are not finite, negative variances and counters', async () => {
    finished();
    const damage = (which: string, to: number) =>
      rewrite('last', (tensors) => {
        const found = tensors.find(({ name }) => name === which)?.data;
        if (found instanceof Float32Array) found[1] = to;
        if (found instanceof BigInt64Array) found[0] = BigInt(to);
        return tensors;
      });
    await damage('bn1.running_mean', NaN);
    expect((await refused()).message).toMatch(/bn1\.running_mean contains NaN/);
    remote.weights('last', 4);
    await damage('bn1.running_var', -1);
    expect((await refused()).message).toMatch(/bn1\.running_var has a negative value/);
    remote.weights('last', 4);
    await damage('bn1.num_batches_tracked', -3);
    expect((await refused()).message).toMatch(/bn1\.num_batches_tracked is no number of batches/);
  });

  it('metadata that are missing, of another version, or of another network', async () => {
    finished();
    const meta = async (key: string, text?: string) => {
      remote.weights('last', 4);
      await rewrite('last', (tensors, metadata) => {
        if (text === undefined) delete metadata[key];
        else metadata[key] = text;
        return tensors;
      });
      return (await refused()).message;
    };
    expect(await meta('normlab.preprocessing')).toMatch(/no metadata “normlab\.preprocessing”/);
    expect(await meta('normlab.format', '2')).toMatch(/version 2/);
    expect(await meta('normlab.statistics', '{')).toMatch(/it is not JSON/);
    expect(await meta('normlab.class_names', '["a","b"]')).toMatch(/names 2 classes.*distinguishes 3/);
    expect(await meta('normlab.class_names', '["a","b","a"]')).toMatch(/class “a” twice/);
    expect(await meta('normlab.folding', '{}')).toMatch(/folded/);
  });

  it('files that are truncated, too large, no plain files, or missing', async () => {
    finished();
    const whole = await readFile(remote.path('last'));
    for (const length of [0, 7, 100, whole.length - 1]) {
      writeFileSync(remote.path('last'), whole.subarray(0, length));
      expect((await refused()).code).toBe('run-invalid');
    }
    truncateSync(remote.path('last'), 200 << 20);
    expect((await refused()).message).toMatch(/more than the network of the project can need/);
    rmSync(remote.path('last'));
    expect((await refused()).code).toBe('run-has-no-weights');
    writeFileSync(join(remote.folder, 'secret'), whole);
    symlinkSync(join(remote.folder, 'secret'), remote.path('last'));
    expect((await refused()).message).toMatch(/not a plain file/);
  });

  it('a damaged best file, split or result', async () => {
    finished();
    await rewrite('best', (tensors) => tensors.slice(1));
    expect((await refused()).where).toBe(remote.path('best'));
    remote.weights('best', 3);
    writeFileSync(
      remote.path('split'),
      '{"format":"normlab-split","version":1,"train":"zz","validation":""}',
    );
    expect((await refused()).where).toBe(remote.path('split'));
    rmSync(remote.path('split'));
    writeFileSync(remote.path('result'), '{"format":"normlab-remote-result","version":1,"epochs":-1}');
    expect((await refused()).where).toBe(remote.path('result'));
  });

  it('a description without, of another version, or with an invalid project', async () => {
    finished();
    const facts = async (change: object) => {
      remote.writeJson('normlab-remote.json', { ...remote.facts, ...change });
      return (await refused()).message;
    };
    expect(await facts({ version: 2 })).toMatch(/of version 2.*reads version 1; update NormLab/);
    expect(await facts({ format: 'other' })).toMatch(/format is not what the project writes/);
    expect(await facts({ worldSize: 0 })).toMatch(/worldSize/);
    expect(await facts({ document: '{"format":"x"}' })).toMatch(/its project cannot be used/);
    const broken = tinyDocument({ batchSize: 4 });
    const wires = serializeDocument({ ...broken, graph: { ...broken.graph, wires: {} } });
    expect(await facts({ document: wires })).toMatch(/network of its project cannot be built/);
    const wide = tinyDocument({}, 5);
    expect(await facts({ document: serializeDocument(wide) })).toMatch(/dense1\.(weight|bias)|5/);
    writeFileSync(remote.path('facts'), '{"format":');
    expect((await refused()).message).toMatch(/it is not JSON/);
    renameSync(remote.path('facts'), join(remote.folder, 'gone'));
    expect((await refused()).code).toBe('run-not-found');
  });

  it('a folder with files of others', async () => {
    finished();
    mkdirSync(out);
    writeFileSync(join(out, 'mine.txt'), 'x');
    await expect(importIt(true)).rejects.toMatchObject({ code: 'output-foreign' });
    expect(readdirSync(out)).toEqual(['mine.txt']);
  });
});
