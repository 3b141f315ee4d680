import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labEventSchema, type LabEvent, type LabParams } from '#core/contract/labApi.ts';
import { told } from '#core/words/testing.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { openHostFolder, type HostFolder } from '../testing/hostFolder.ts';
import { refusal, RunLab } from '../testing/runLab.ts';

let folder: HostFolder;
let lab: RunLab;
beforeEach(async () => {
  folder = await openHostFolder();
  await drawImages(folder.at('train'), 8, 1);
  await mkdir(folder.at('out'));
  lab = new RunLab(folder);
});
afterEach(async () => {
  await Promise.all([lab.runs.close(), lab.exports.close()]);
  await folder.remove();
});

const EMA = { averaging: { kind: 'ema', decay: 0.9, validate: 'average' } } as const;

async function trained(settings: Parameters<RunLab['start']>[0] = {}): Promise<string> {
  const runId = await lab.start({ epochs: 2, ...settings });
  await lab.until(() => lab.states().find((s) => s.runId === runId && s.phase === 'finished') ?? null);
  return runId;
}

/** A run that was stopped, so that its averaged weights have no statistics of their own yet. */
async function stopped(settings: Parameters<RunLab['start']>[0] = {}): Promise<string> {
  const runId = await lab.start({ epochs: 20_000, ...settings });
  await lab.until(() => (lab.metrics().length > 3 ? true : null));
  lab.runs.stop(runId);
  await lab.phase('stopped');
  return runId;
}

function asked(runId: string, more: Partial<LabParams<'run.export'>> = {}): LabParams<'run.export'> {
  return {
    ...{ runId, exportId: 'one', format: 'onnx', foldBatchNorm: false, name: 'net', overwrite: false },
    folder: lab.grants.grant(folder.at('out')).grant,
    ...more,
  };
}

const progress = (): Extract<LabEvent, { event: 'exportProgress' }>[] =>
  lab.events.filter((event) => event.event === 'exportProgress');

describe('export for the screen', () => {
  it('writes a verified file, tells how far it is, and keeps the thread of the host free', async () => {
    const runId = await stopped(EMA);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const begun = performance.now();
    delay.enable();
    const result = await lab.exports.export(asked(runId));
    delay.disable();
    const tookMs = performance.now() - begun;
    expect(result.file.path).toBe(folder.at('out', 'net.onnx'));
    expect((await readFile(result.file.path)).length).toBe(result.sizeBytes);
    expect(told(result.notes)[0]).toContain(
      'averaged weights, exact over all 4 batches of the training images',
    );
    expect(await readdir(folder.at('out'))).toEqual(['net.onnx']);
    for (const event of progress()) expect(labEventSchema.parse(event)).toEqual(event);
    const labels = new Set(progress().map((event) => event.progress.label.key));
    expect([...labels]).toEqual(expect.arrayContaining(['work.measuring', 'work.comparing']));
    // On the host's own thread, loading the file's reader alone would take a third of this time.
    expect(delay.max / 1e6).toBeLessThan(tookMs / 3);
  });

  it('writes a folder, tells before what PyTorch lacks, and replaces only a folder of its own', async () => {
    const runId = await trained();
    const pytorch = { format: 'pytorch', foldBatchNorm: false } as const;
    const { differences } = await lab.exports.differences({ runId, ...pytorch });
    expect(differences).toEqual([]);
    const result = await lab.exports.export(asked(runId, pytorch));
    expect(result.file.path).toBe(folder.at('out', 'net'));
    expect(await readdir(result.file.path)).toContain('state_dict.pt');
    const again = await refusal(() => lab.exports.export(asked(runId, pytorch)));
    expect(again).toMatchObject({ code: 'output-exists', where: folder.at('out', 'net') });
    await lab.exports.export(asked(runId, { ...pytorch, overwrite: true }));
    await writeFile(folder.at('out', 'net', 'mine.txt'), 'mine');
    const foreign = await refusal(() =>
      lab.exports.export(asked(runId, { ...pytorch, overwrite: true, exportId: 'two' })),
    );
    expect(foreign).toMatchObject({ code: 'output-foreign', where: folder.at('out', 'net') });
    expect(await readdir(folder.at('out'))).toEqual(['net']);
    const hidden = await refusal(() => lab.exports.export(asked(runId, { ...pytorch, name: '.net' })));
    expect(hidden).toMatchObject({ code: 'arguments' });
  });

  it('asks before it replaces a file: what is there stays', async () => {
    const runId = await trained();
    const theirs = Buffer.from([0x08, 0x08, 0x12, 0x00]);
    await writeFile(folder.at('out', 'net.onnx'), theirs);
    const error = await refusal(() => lab.exports.export(asked(runId)));
    expect(error).toMatchObject({ code: 'output-exists', where: folder.at('out', 'net.onnx') });
    expect(await readFile(folder.at('out', 'net.onnx'))).toEqual(theirs);
    const { sizeBytes } = await lab.exports.export(asked(runId, { overwrite: true }));
    expect((await readFile(folder.at('out', 'net.onnx'))).length).toBe(sizeBytes);
  });

  it('is refused where something else has the name, whatever was agreed to', async () => {
    const runId = await trained();
    await writeFile(folder.at('out', 'net.onnx'), 'a letter');
    const error = await refusal(() => lab.exports.export(asked(runId, { overwrite: true })));
    expect(error).toMatchObject({ code: 'output-foreign', where: folder.at('out', 'net.onnx') });
    expect(await readFile(folder.at('out', 'net.onnx'), 'utf8')).toBe('a letter');
  });

  it('never takes the place of a file of a run', async () => {
    const runId = await trained();
    const runFolder = path.join(folder.home.runs, runId);
    const before = await readFile(path.join(runFolder, 'checkpoint.safetensors'));
    const into = { folder: lab.grants.grant(runFolder).grant, name: 'checkpoint', overwrite: true };
    const error = await refusal(() => lab.exports.export(asked(runId, { ...into, format: 'safetensors' })));
    expect(error).toMatchObject({ code: 'output-not-writable' });
    expect(await readFile(path.join(runFolder, 'checkpoint.safetensors'))).toEqual(before);
  });

  it('that is cancelled writes no file and leaves nothing behind', async () => {
    const runId = await stopped(EMA);
    for (const key of ['work.measuring', 'work.writing', 'work.comparing']) {
      lab.events.length = 0;
      const done = refusal(() => lab.exports.export(asked(runId)));
      await lab.until(() => progress().find((event) => event.progress.label.key === key) ?? null);
      lab.exports.cancel('one');
      expect((await done).code).toBe('interrupted');
      // The thread may still have to end before what it wrote is removed.
      await expect.poll(() => readdir(folder.at('out')), { timeout: 20_000 }).toEqual([]);
    }
  });

  it('is cancelled when the lab closes', async () => {
    const runId = await trained();
    const done = refusal(() => lab.exports.export(asked(runId)));
    await lab.until(() => (progress().length > 0 ? true : null));
    await lab.exports.close();
    expect((await done).code).toBe('interrupted');
    expect(await readdir(folder.at('out'))).toEqual([]);
  });

  it('of a run that trains takes its last checkpoint, whole, and the run goes on', async () => {
    const runId = await lab.start({ epochs: 20_000 });
    await lab.until(() => (lab.metrics().length > 3 ? true : null));
    lab.runs.pause(runId);
    await lab.phase('paused');
    await lab.runs.resume(runId);
    await lab.phase('running');
    const { maxAbsDiff } = await lab.exports.export(asked(runId));
    expect(maxAbsDiff).toBeLessThan(1e-4);
    expect(lab.runs.runningRuns()).toHaveLength(1);
  });

  it('of a run without weights, or of none, says so', async () => {
    const runId = await trained();
    await rm(path.join(folder.home.runs, runId, 'checkpoint.safetensors'));
    expect((await refusal(() => lab.exports.export(asked(runId)))).code).toBe('run-has-no-weights');
    expect((await refusal(() => lab.exports.export(asked('none')))).code).toBe('run-not-found');
    expect(existsSync(folder.at('out', 'net.onnx'))).toBe(false);
  });
});
