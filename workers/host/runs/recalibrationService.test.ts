import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labEventSchema } from '#core/contract/labApi.ts';
import { normStatisticsSchema } from '#core/contract/normStatistics.ts';
import { isEstimate } from '#core/batchnorm/statisticsPass.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { decodeSafetensors } from '#core/export/safetensors.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { openHostFolder, type HostFolder } from '../testing/hostFolder.ts';
import { refusal, RunLab } from '../testing/runLab.ts';

let folder: HostFolder;
let lab: RunLab;
beforeEach(async () => {
  folder = await openHostFolder();
  await drawImages(folder.at('train'), 8, 1);
  lab = new RunLab(folder);
});
afterEach(async () => {
  await Promise.all([lab.runs.close(), lab.recalibrations.close()]);
  await folder.remove();
});

const LONG = { epochs: 20_000 };

async function trained(settings: Parameters<RunLab['start']>[0] = {}): Promise<string> {
  const runId = await lab.start({ epochs: 2, ...settings });
  await lab.until(() => lab.states().find((s) => s.runId === runId && s.phase === 'finished') ?? null);
  return runId;
}

async function stopped(name: string): Promise<string> {
  const runId = await lab.start(LONG, name);
  await lab.until(() => (lab.metrics().length > 3 ? true : null));
  lab.runs.stop(runId);
  await lab.phase('stopped');
  return runId;
}

function checkpointOf(runId: string): Promise<Buffer> {
  return readFile(path.join(folder.home.runs, runId, 'checkpoint.safetensors'));
}

async function hashOf(runId: string): Promise<string> {
  return createHash('sha256')
    .update(await checkpointOf(runId))
    .digest('hex');
}

/**
 * The pass over these few images is short: a message sent now, while the thread starts, arrives before its first batch.
 */
async function threadStarted(): Promise<void> {
  while (!lab.recalibrations.isWorking) await setImmediate();
}

describe('recalibration', () => {
  it('puts exact statistics in place, tells how far they are from the moving ones, and undoes that to the bit', async () => {
    const runId = await trained();
    const before = await hashOf(runId);
    const first = await lab.recalibrations.statistics(runId);
    expect(normStatisticsSchema.parse(first)).toEqual(first);
    expect(first).toMatchObject({ weights: 'raw', kind: 'moving-average' });
    expect(first.blocks).toMatchObject([{ node: 'bn1', channels: 4, isMeasurable: true, change: null }]);

    const statistics = await lab.recalibrations.recalibrate(runId, null);
    expect(normStatisticsSchema.parse(statistics)).toEqual(statistics);
    const pass = must(statistics.pass, 'pass');
    expect(await hashOf(runId)).not.toBe(before);
    expect(statistics.kind).toBe('exact');
    // 24 images without the validation tenth; batches of 5, the remainder joins the last batch.
    const images = pass.images;
    expect(pass).toMatchObject({ batches: Math.floor(images / 5), passes: 1, judged: { on: 'validation' } });
    expect(images).toBeLessThan(24);
    expect(pass.errors).toHaveLength(1);
    expect(pass.errors[0]?.typical.mean).toBeGreaterThan(0);

    // The reported values equal those of the file, on both sides.
    const { tensors } = decodeSafetensors(await checkpointOf(runId));
    const values = (name: string): number[] => [...(must(tensors.get(name), name).data as Float32Array)];
    const [mean, moving] = [values('bn1.mean'), values('movingAverage.bn1.mean')];
    const [variance, movingVariance] = [values('bn1.variance'), values('movingAverage.bn1.variance')];
    const shifts = mean.map((value, at) =>
      Math.abs((value - (moving[at] ?? NaN)) / Math.sqrt((movingVariance[at] ?? NaN) + 1e-5)),
    );
    const change = must(statistics.blocks[0]?.change, 'change');
    expect(change.mean.worst).toBeCloseTo(Math.max(...shifts), 9);
    expect(change.mean.worst).toBeGreaterThan(0);
    expect(change.variance.after).toBeCloseTo(
      variance.reduce((sum, value) => sum + value / 4, 0),
      9,
    );
    expect(await new RunLab(folder).recalibrations.statistics(runId)).toEqual(statistics);

    expect(await lab.recalibrations.undo(runId)).toEqual(first);
    expect(await hashOf(runId)).toBe(before);
    const told = lab.events.filter(({ event }) => event === 'recalibration');
    expect(told.length).toBeGreaterThan(2);
    for (const event of told) expect(labEventSchema.parse(event)).toEqual(event);
    expect(told.at(-1)).toEqual({ event: 'recalibration', runId, progress: null });
  });

  it('pools as many batches as asked; a single one has no error to tell', async () => {
    const runId = await trained({ batchSize: 8 });
    const { pass } = await lab.recalibrations.recalibrate(runId, 1);
    expect(pass).toMatchObject({ batches: 1, ofBatches: 2, over: 'training', images: 8, errors: [] });
    expect(isEstimate(pass)).toBe(true);
    const two = await lab.recalibrations.recalibrate(runId, 2);
    expect(two.pass).toMatchObject({ batches: 2, ofBatches: 2 });
    expect(isEstimate(two.pass)).toBe(false);
    expect(two.pass?.errors).toHaveLength(1);
    expect((await lab.recalibrations.undo(runId)).pass).toBeNull();
  });

  it('of averaged weights is told as such', async () => {
    const runId = await trained({ averaging: { kind: 'ema', decay: 0.9, validate: 'average' } });
    // A run with averaged weights ends with a pass of its own.
    const own = await lab.recalibrations.statistics(runId);
    expect(own).toMatchObject({ weights: 'ema', kind: 'exact', pass: { passes: 1, judged: null } });
    expect(own.pass?.errors).toHaveLength(1);
    expect(await lab.recalibrations.undo(runId)).toMatchObject({ weights: 'ema', kind: 'moving-average' });
    const statistics = await lab.recalibrations.recalibrate(runId, null);
    expect(statistics).toMatchObject({
      weights: 'ema',
      kind: 'exact',
      pass: { judged: { on: 'validation' } },
    });
  });

  it('that is cancelled leaves the file as it was', async () => {
    const runId = await trained();
    const before = await hashOf(runId);
    const done = refusal(() => lab.recalibrations.recalibrate(runId, null));
    await threadStarted();
    lab.recalibrations.cancel(runId);
    expect((await done).code).toBe('interrupted');
    expect(await hashOf(runId)).toBe(before);
    expect((await refusal(() => lab.recalibrations.cancel(runId))).code).toBe('run-not-found');
  });

  it('is cancelled when the lab closes', async () => {
    const runId = await trained();
    const before = await hashOf(runId);
    const done = refusal(() => lab.recalibrations.recalibrate(runId, null));
    await threadStarted();
    await lab.recalibrations.close();
    expect((await done).code).toBe('interrupted');
    expect(await hashOf(runId)).toBe(before);
  });

  it('without the images it was trained on says so, and changes nothing', async () => {
    const runId = await trained();
    const before = await hashOf(runId);
    await rm(folder.at('train', 'a', '0.png'));
    const error = await refusal(() => lab.recalibrations.recalibrate(runId, null));
    expect(error).toMatchObject({ code: 'folder-classes-differ' });
    expect(await hashOf(runId)).toBe(before);
  });

  it('of a run that is not there, or has no weights, is refused', async () => {
    for (const act of [
      () => lab.recalibrations.recalibrate('none', null),
      () => lab.recalibrations.undo('..'),
      () => lab.recalibrations.statistics('none'),
    ])
      expect((await refusal(act)).code).toBe('run-not-found');
    const runId = await trained();
    await rm(path.join(folder.home.runs, runId, 'checkpoint.safetensors'));
    expect((await refusal(() => lab.recalibrations.recalibrate(runId, null))).code).toBe(
      'run-has-no-weights',
    );
    expect((await refusal(() => lab.recalibrations.statistics(runId))).code).toBe('run-has-no-weights');
  });
});

describe('training and recalibration', () => {
  it('do not share a run: each is refused while the other goes on', async () => {
    const first = await stopped('First');
    const second = await lab.start(LONG, 'Second');
    await lab.until(() => lab.states().find((s) => s.runId === second && s.phase === 'running') ?? null);
    const own = await refusal(() => lab.recalibrations.recalibrate(second, null));
    expect(own.code).toBe('run-busy');
    expect(own.message).toContain('Second is still training');
    const beside = await refusal(() => lab.recalibrations.undo(first));
    expect(beside).toMatchObject({ code: 'run-busy' });
    expect(beside.message).toContain('Second is training');

    lab.runs.pause(second);
    await lab.phase('paused');
    expect((await refusal(() => lab.recalibrations.recalibrate(second, null))).code).toBe('run-busy');
    const done = lab.recalibrations.recalibrate(first, null);
    await threadStarted();
    for (const act of [
      () => lab.runs.resume(first),
      () => lab.runs.resume(second),
      () => lab.start({}, 'Third'),
      () => lab.recalibrations.recalibrate(first, null),
    ]) {
      const error = await refusal(act);
      expect(error.code).toBe('run-busy');
      expect(error.message).toContain('The BatchNorm statistics of First are being measured');
    }
    await done;
    await lab.runs.resume(second);
    await lab.phase('running');
  });

  it('takes a recalibrated run up from its moving statistics', async () => {
    const runId = await stopped('Twice');
    const before = await hashOf(runId);
    await lab.recalibrations.recalibrate(runId, null);
    expect(await hashOf(runId)).not.toBe(before);
    const seen = lab.metrics().length;
    await lab.runs.resume(runId);
    await lab.until(() => (lab.metrics().length > seen + 3 ? true : null));
    lab.runs.stop(runId);
    await lab.phase('stopped');
    expect(await lab.recalibrations.statistics(runId)).toMatchObject({ kind: 'moving-average' });
  });
});
