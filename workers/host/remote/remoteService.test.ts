import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labEventSchema, type LabEvent } from '#core/contract/labApi.ts';
import type { RunState } from '#core/contract/run.ts';
import { drawImages } from '../../runs/testing/imageFolder.ts';
import { eventsOf, RemoteFolder } from '../../runs/testing/remoteFolder.ts';
import { inlineCalls } from '../../threads/testing/inlineCalls.ts';
import { storageHandlers } from '../storage/storageHandlers.ts';
import { openHostFolder, type HostFolder } from '../testing/hostFolder.ts';
import { refusal, RunLab } from '../testing/runLab.ts';
import { remoteHandlers } from './remoteHandlers.ts';
import { RemoteService } from './remoteService.ts';

let folder: HostFolder;
let lab: RunLab;
let remote: RemoteFolder;
let service: RemoteService;
beforeEach(async () => {
  folder = await openHostFolder();
  lab = new RunLab(folder);
  remote = new RemoteFolder(folder.at('project', 'output'));
  service = newService();
});
afterEach(async () => {
  service.close();
  await Promise.all([lab.runs.close(), lab.exports.close()]);
  await folder.remove();
});

/** A lab that was just started, over the same home. */
function newService(): RemoteService {
  const { home } = folder;
  const [storage, calls] = [inlineCalls(storageHandlers()), inlineCalls(remoteHandlers())];
  return new RemoteService({ home, grants: lab.grants, tell, remote: calls, storage, lookEveryMs: 20 });
}

const events: LabEvent[] = [];
beforeEach(() => (events.length = 0));

function tell(event: LabEvent): void {
  events.push(labEventSchema.parse(event));
}

async function until<T>(find: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 500; tries += 1) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('never came');
}

const lastState = (runId: string): RunState | undefined =>
  events
    .flatMap((event) => (event.event === 'runState' && event.state.runId === runId ? [event.state] : []))
    .at(-1);
const inPhase = (runId: string, phase: RunState['phase']): Promise<RunState> =>
  until(() => (lastState(runId)?.phase === phase ? lastState(runId) : undefined));
const follow = (): Promise<RunState> => service.follow(lab.grants.grant(folder.at('project')).grant);

describe('following a run that trains elsewhere', () => {
  it('streams its states and events to the screens as those of a run here', async () => {
    remote.train(1, 4);
    const { runId, phase } = await follow();
    expect(phase).toBe('running');
    expect(await service.list()).toMatchObject([{ runId, step: 4, name: 'Faraway' }]);
    remote.train(5, 9);
    await until(() => (lastState(runId)?.step === 9 ? true : undefined));
    const sent = events.flatMap((event) => (event.event === 'metrics' ? [event] : []));
    expect(sent.every((each) => each.runId === runId)).toBe(true);
    expect(sent.at(-1)).toMatchObject({ first: eventsOf(1, 4).length, events: eventsOf(5, 9) });
    expect((await service.metrics(runId, 3)).events).toEqual(eventsOf(1, 9).slice(3));
    expect((await service.details(runId)).project).toBe(remote.facts.document);
  });

  it('follows a folder once, refuses others, and remembers it, with name and note, over a restart', async () => {
    remote.train(1, 2);
    const { runId } = await follow();
    expect((await follow()).runId).toBe(runId);
    const other = lab.grants.grant(folder.root).grant;
    expect((await refusal(() => service.follow(other))).code).toBe('run-not-found');
    await service.describe(runId, { name: 'Cluster run', note: 'the big one' });
    service.close();
    renameSync(remote.folder, folder.at('unmounted'));
    service = newService();
    expect(await service.list()).toMatchObject([{ runId, name: 'Cluster run', note: 'the big one' }]);
    const away = await inPhase(runId, 'away');
    expect(away).toMatchObject({ name: 'Cluster run', step: 2, steps: 24 });
    renameSync(folder.at('unmounted'), remote.folder);
    remote.train(3, 5);
    expect(await inPhase(runId, 'running')).toMatchObject({ step: 5, name: 'Cluster run' });
  });

  it('stops following without touching the folder', async () => {
    remote.train(1, 2);
    const { runId } = await follow();
    await service.unfollow(runId);
    expect(events.at(-1)).toEqual({ event: 'runDeleted', runId });
    expect(await service.list()).toEqual([]);
    expect(existsSync(remote.path('metrics'))).toBe(true);
    expect((await refusal(() => service.unfollow(runId))).code).toBe('run-not-found');
    expect(await newService().list()).toEqual([]);
  });

  it('leaves a damaged list as it is, and says so', async () => {
    writeFileSync(folder.home.remoteFile, '{"format":');
    expect(await service.list()).toEqual([]);
    remote.train(1, 2);
    expect((await refusal(follow)).code).toBe('io');
    expect(readFileSync(folder.home.remoteFile, 'utf8')).toBe('{"format":');
  });

  it('imports its result as a run that exports, verified on images', async () => {
    await drawImages(folder.at('out'), 2, 1);
    remote.train(1, 24);
    remote.finish();
    const { runId } = await follow();
    const imported = await service.import(runId, 'Back home');
    const state = await lab.runs.list();
    expect(state).toMatchObject([
      { runId: imported.runId, phase: 'finished', name: 'Back home', origin: { worldSize: 2 } },
    ]);
    expect(lastState(imported.runId)?.lastCheckpointAt).not.toBeNull();
    const report = await lab.exports.export({
      ...{ runId: imported.runId, exportId: 'one', format: 'onnx', foldBatchNorm: false, overwrite: false },
      ...{ folder: lab.grants.grant(folder.at('out')).grant, name: 'net', checkpoint: 'best' },
    });
    expect(report.maxAbsDiff).toBeLessThan(1e-4);
    const more = await refusal(() => lab.runs.resume(imported.runId, 9));
    expect(more).toMatchObject({ code: 'arguments' });
    expect(more.message).toMatch(/the state of its optimizer stayed there/);
  });

  it('refuses to import without weights', async () => {
    remote.train(1, 2);
    const { runId } = await follow();
    expect((await refusal(() => service.import(runId, 'x'))).code).toBe('run-has-no-weights');
    expect(await lab.runs.list()).toEqual([]);
  });
});
