import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunManifest } from '#core/contract/runManifest.ts';
import {
  claimRunFolder,
  openRun,
  readRunStatus,
  runFolderAt,
  writeManifest,
  writeResult,
} from './runFolder.ts';
import { openPlayground, withSystem, type Playground } from '../testing/imageFolder.ts';

const manifest: RunManifest = {
  format: 'normlab-run',
  version: 1,
  name: 'a run',
  createdAt: '2026-01-01T00:00:00.000Z',
  normlabVersion: '0.1.0',
  project: '{}',
  classNames: ['a', 'b'],
  preprocessing: { height: 2, width: 2, channels: 1, resize: 'fit', mean: [1], deviation: [1] },
  data: {
    trainFolder: 't',
    validationFolder: null,
    validationFraction: 0.1,
    trainImages: 9,
    validationImages: 1,
    fingerprint: 'f',
  },
  compute: { backend: 'reference', backendDescription: 'r', precision: 'f64', threads: 1 },
};
const result = {
  run: 'r',
  epochs: 1,
  steps: 2,
  train: { loss: 1, accuracy: 0.5 },
  val: null,
  seconds: 1,
  imagesPerSecond: 1,
  precision: 'f64',
};

let playground: Playground;
let folder = '';
beforeEach(async () => {
  playground = await openPlayground();
  folder = playground.at('runs/one');
});
afterEach(() => playground.remove());

describe('claimRunFolder', () => {
  it('makes the folder, and takes one that a killed start left', async () => {
    await (await claimRunFolder(folder, false)).release();
    await writeFile(`${folder}/.checkpoint.safetensors.0123.tmp`, 'half');
    await writeFile(`${folder}/metrics.jsonl`, '');
    await (await claimRunFolder(folder, true)).release();
    expect(await readdir(folder)).toEqual(['metrics.jsonl']);
  });

  it('refuses a folder with a run, unless it is to be resumed', async () => {
    await writeManifest(await claimRunFolder(folder, false), manifest);
    await expect(claimRunFolder(folder, false)).rejects.toMatchObject({ code: 'run-exists', where: folder });
    await expect(claimRunFolder(folder, true)).resolves.toMatchObject({ path: folder });
  });

  it("refuses a folder with somebody's files, and a file", async () => {
    await expect(claimRunFolder(playground.train, false)).rejects.toMatchObject({ code: 'output-exists' });
    await writeFile(playground.at('file'), '');
    await expect(claimRunFolder(playground.at('file'), false)).rejects.toThrow(/is a file; give a folder/);
    await expect(claimRunFolder(playground.at('file/run'), false)).rejects.toMatchObject({
      code: 'output-not-writable',
    });
  });

  it('says at once that a folder may not be written', async (context) => {
    await mkdir(folder, { recursive: true });
    const locked = await withSystem(['chattr', '+i', folder], ['chattr', '-i', folder], async () => {
      const attempt = claimRunFolder(folder, false);
      await expect(attempt).rejects.toMatchObject({ code: 'output-not-writable', where: folder });
      await expect(attempt).rejects.toThrow(`Cannot write ${folder}: `);
    });
    if (!locked) context.skip('needs the right to make a folder immutable');
  });
});

describe('readRunStatus', () => {
  it('tells nothing, begun and finished apart', async () => {
    expect(await readRunStatus(folder)).toEqual({ kind: 'none' });
    const run = await claimRunFolder(folder, false);
    expect(await readRunStatus(folder)).toEqual({ kind: 'none' });
    await writeManifest(run, manifest);
    expect(await readRunStatus(folder)).toEqual({ kind: 'begun', manifest });
    await writeResult(run, result);
    expect(await readRunStatus(folder)).toEqual({ kind: 'finished', manifest, result });
  });

  it('refuses damaged files and names them', async () => {
    const run = await claimRunFolder(folder, false);
    await writeManifest(run, manifest);
    await writeFile(run.files.result, '{"run":');
    await expect(readRunStatus(folder)).rejects.toMatchObject({
      code: 'run-invalid',
      where: run.files.result,
    });
    await writeFile(run.files.manifest, '{"format":"other"}');
    await expect(openRun(folder)).rejects.toThrow(`${run.files.manifest} is damaged`);
  });

  it('says where there is no run', async () => {
    await expect(openRun(folder)).rejects.toMatchObject({ code: 'run-not-found', where: folder });
    expect(runFolderAt(folder).files.metrics).toBe(`${folder}/metrics.jsonl`);
  });
});
