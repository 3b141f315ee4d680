import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labEventSchema } from '#core/contract/labApi.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { openHostFolder, tinyProject, type HostFolder } from '../testing/hostFolder.ts';
import { refusal, RunLab } from '../testing/runLab.ts';

let folder: HostFolder;
let lab: RunLab;
beforeEach(async () => {
  folder = await openHostFolder();
  await drawImages(folder.at('train'), 8, 1);
  lab = new RunLab(folder);
});
afterEach(async () => {
  await lab.runs.close();
  await folder.remove();
});

/** Long enough to be caught at any phase. */
const LONG = { epochs: 20_000 };

describe('a run', () => {
  it('trains to its end, tells of it, and stays on the disk', async () => {
    const runId = await lab.start({ epochs: 2 });
    expect(runId).toMatch(/^\d{8}-\d{6}-tiny-net-[0-9a-f]{4}$/);
    const state = await lab.phase('finished', 'failed');
    expect(state).toMatchObject({ phase: 'finished', name: 'Tiny net', epoch: 2, epochs: 2, error: null });
    expect(state.result?.steps).toBe(state.steps);
    for (const event of lab.events) expect(labEventSchema.parse(event)).toEqual(event);
    // Live events equal those on disk, from any number on.
    const { events, next } = await lab.runs.metrics(runId, 0);
    expect(events).toEqual(lab.metrics());
    expect(next).toBe(events.length);
    const tail = await lab.runs.metrics(runId, 3);
    expect(tail).toEqual({ events: events.slice(3), next });
    expect(await lab.runs.metrics(runId, next)).toEqual({ events: [], next });
    expect(await lab.runs.metrics(runId, next + 10)).toEqual({ events: [], next: next + 10 });
    const [listed] = await new RunLab(folder).runs.list();
    expect(listed).toMatchObject({ runId, phase: 'finished', result: state.result, steps: state.steps });
    const error = await refusal(() => lab.runs.resume(runId));
    expect(error).toMatchObject({ code: 'run-exists' });
    expect(lab.runs.runningRuns()).toEqual([]);
  });

  it('is alone: a second one waits for its end', async () => {
    const runId = await lab.start(LONG, 'First');
    const error = await refusal(() => lab.start({}, 'Second'));
    expect(error.code).toBe('run-exists');
    expect(error.message).toContain('First');
    await lab.phase('running');
    lab.runs.pause(runId);
    await lab.phase('paused');
    expect((await refusal(() => lab.start({}, 'Second'))).code).toBe('run-exists');
    lab.runs.stop(runId);
    await lab.phase('stopped');
    expect(await lab.runs.list()).toHaveLength(1);
  });

  it('pauses at a step, goes on from there, and stops with its state saved', async () => {
    const runId = await lab.start(LONG);
    await lab.until(() => (lab.metrics().length > 3 ? true : null));
    expect(lab.runs.runningRuns()).toEqual(['Tiny net']);
    lab.runs.pause(runId);
    expect(lab.states().map(({ phase }) => phase)).toContain('pausing');
    await lab.phase('paused');
    expect(lab.runs.runningRuns()).toEqual([]);
    const told = lab.metrics().length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(lab.metrics()).toHaveLength(told);
    expect((await lab.runs.list())[0]).toMatchObject({ runId, phase: 'paused' });
    await lab.runs.resume(runId);
    await lab.phase('running');
    await lab.until(() => (lab.metrics().length > told + 3 ? true : null));
    lab.runs.stop(runId);
    const stopped = await lab.phase('stopped', 'failed');
    expect(stopped).toMatchObject({ phase: 'stopped', error: null });
    expect(stopped.lastCheckpointAt).not.toBeNull();
    const steps = lab.metrics().flatMap((event) => (event.kind === 'step' ? [event.step] : []));
    expect(steps).toEqual(steps.map((_, index) => index + 1));
  });

  it('that was stopped goes on from its last step after a restart of the lab', async () => {
    const runId = await lab.start(LONG);
    await lab.until(() => (lab.metrics().length > 5 ? true : null));
    await lab.runs.close();
    const before = (await lab.runs.metrics(runId, 0)).events.length;
    const again = new RunLab(folder);
    expect(await again.runs.list()).toMatchObject([{ runId, name: 'Tiny net', phase: 'interrupted' }]);
    await again.runs.resume(runId);
    await again.until(() => (again.metrics().length > 3 ? true : null));
    const first = again.events.find((event) => event.event === 'metrics');
    expect(first).toMatchObject({ runId, first: before });
    again.runs.stop(runId);
    await again.phase('stopped');
    const steps = (await again.runs.metrics(runId, 0)).events.flatMap((event) =>
      event.kind === 'step' ? [event.step] : [],
    );
    expect(steps).toEqual(steps.map((_, index) => index + 1));
  });

  it('that cannot be taken up for the moment still has its checkpoint, and goes on once it can', async () => {
    const runId = await lab.start(LONG);
    await lab.until(() => (lab.metrics().length > 3 ? true : null));
    lab.runs.stop(runId);
    const { lastCheckpointAt } = await lab.phase('stopped');
    await rename(folder.at('train'), folder.at('elsewhere'));
    await lab.runs.resume(runId);
    const failed = await lab.phase('failed');
    expect(failed.error?.code).toBe('folder-not-found');
    expect(failed.lastCheckpointAt).toBeCloseTo(lastCheckpointAt ?? NaN, -3);
    await rename(folder.at('elsewhere'), folder.at('train'));
    const seen = lab.metrics().length;
    await lab.runs.resume(runId);
    await lab.until(() => (lab.metrics().length > seen + 3 ? true : null));
  });

  it('that fails says why, and leaves the way free for the next', async () => {
    await drawImages(folder.at('train'), 1, 1, ['d']); // one class more than the network has
    await lab.start();
    const failed = await lab.phase('failed', 'finished');
    expect(failed.error).toMatchObject({ code: 'graph-invalid' });
    expect(failed.error && inEnglish(failed.error.message)).toMatch(/4/);
    const runId = await lab.start();
    await lab.until(
      () => lab.states().find((state) => state.runId === runId && state.phase === 'failed') ?? null,
    );
  });

  it('that is stopped while it prepares is stopped, not failed', async () => {
    const runId = await lab.start(LONG);
    lab.runs.stop(runId);
    expect(await lab.phase('stopped', 'failed')).toMatchObject({ phase: 'stopped', error: null });
  });

  it('has no metrics before its first step, and asks no harm', async () => {
    const runId = await lab.start(LONG);
    expect(await lab.runs.metrics(runId, 0)).toEqual({ events: [], next: 0 });
    lab.runs.stop(runId);
    await lab.phase('stopped');
  });
});

describe('runs that are not there', () => {
  it.each(['none', '..', '.'])('cannot be steered: %j', async (runId) => {
    for (const act of [
      () => lab.runs.pause(runId),
      () => lab.runs.stop(runId),
      () => lab.runs.resume(runId),
      () => lab.runs.metrics(runId, 0),
      () => lab.runs.folderOf(runId),
    ])
      expect((await refusal(act)).code).toBe('run-not-found');
  });

  it('that are damaged are listed as failed, beside the good ones', async () => {
    const runId = await lab.start({ epochs: 1 });
    await lab.phase('finished');
    const manifest = path.join(folder.home.runs, runId, 'run.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.slice(0, 100));
    const second = await lab.start({ epochs: 1 });
    await lab.until(() => lab.states().find((s) => s.runId === second && s.phase === 'finished') ?? null);
    const states = await new RunLab(folder).runs.list();
    const byId = new Map(states.map((state) => [state.runId, state]));
    expect(byId.get(runId)).toMatchObject({ phase: 'failed', error: { code: 'run-invalid' } });
    expect(byId.get(second)?.phase).toBe('finished');
  });

  it('a start with a project that is none is refused before anything is made', async () => {
    const request = { project: '{}', name: 'x', train: lab.train, validation: null };
    expect((await refusal(() => lab.runs.start(request))).code).toBe('project-not-a-project');
    const unknown = { ...request, project: tinyProject(), train: 'never-given' };
    expect((await refusal(() => lab.runs.start(unknown))).code).toBe('grant-unknown');
    expect(await lab.runs.list()).toEqual([]);
    expect(lab.events).toEqual([]);
  });
});
