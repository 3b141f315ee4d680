import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inEnglish } from '#core/words/catalogues.ts';
import { eventsOf, RemoteFolder, STEPS_PER_EPOCH } from '../testing/remoteFolder.ts';
import { FollowedRun, type RemoteLook } from './followedRun.ts';
import { findRemote } from './remoteFiles.ts';
import { SILENT_AFTER_MS, SignOfLife } from './signOfLife.ts';

let root: string;
let remote: RemoteFolder;
let run: FollowedRun;
let now: number;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'normlab-follow-'));
  remote = new RemoteFolder(join(root, 'output'));
  run = new FollowedRun(remote.folder);
  now = Date.now();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const look = (afterMs = 0): Promise<RemoteLook> => run.look('r', remote.facts.id, (now += afterMs));

describe('a run that trains elsewhere', () => {
  it('has the figures of its files, from the first step to the end', async () => {
    remote.status();
    const first = await look();
    expect(first.state).toMatchObject({ phase: 'running', step: 0, steps: 24, epochs: 4, precision: 'bf16' });
    expect(first.state.remote).toMatchObject({ worldSize: 2, device: 'cuda', away: null, hasWeights: false });
    expect(first.news).toBeNull();
    remote.train(1, 13);
    const { state, news } = await look();
    expect(news).toEqual({ first: 0, events: eventsOf(1, 13) });
    expect(state).toMatchObject({ phase: 'running', step: 13, imagesPerSecond: 813, lastCheckpointAt: null });
    expect(state.epoch).toBeCloseTo(13 / STEPS_PER_EPOCH);
    expect(state.etaMs).toBe(20 * (24 - 13));
    remote.train(14, 24);
    remote.finish();
    const end = await look();
    expect(end.state).toMatchObject({ phase: 'finished', step: 24, result: { val: { accuracy: 0.75 } } });
    expect(end.state.remote?.hasWeights).toBe(true);
    expect(end.news?.first).toBe(eventsOf(1, 13).length);
  });

  it('says how it ended, with the reason, and trains again when it is resumed with other processes', async () => {
    remote.train(1, 10);
    remote.status({ state: 'failed', step: 10, error: 'Traceback\n  File "train.py"\nRuntimeError: NCCL' });
    const { state } = await look();
    expect(state.phase).toBe('failed');
    expect(inEnglish(state.error?.message ?? '')).toBe(
      'The training ended with an error: RuntimeError: NCCL',
    );
    remote.status({ state: 'stopped' });
    expect((await look()).state).toMatchObject({ phase: 'stopped', error: null });
    remote.writeJson('normlab-remote.json', { ...remote.facts, worldSize: 16, nodes: 2 });
    writeFileSync(remote.path('metrics'), '');
    remote.train(1, 6);
    const resumed = await look();
    expect(resumed.state).toMatchObject({ phase: 'running', step: 6, remote: { worldSize: 16, nodes: 2 } });
    expect(resumed.state.remote?.reading).not.toBe(state.remote?.reading);
    expect(resumed.news).toEqual({ first: 0, events: eventsOf(1, 6) });
  });

  it('reports a folder that is away, and comes back where it was', async () => {
    remote.train(1, 5);
    await look();
    renameSync(remote.folder, join(root, 'unmounted'));
    const away = await look(1000);
    expect(away.state).toMatchObject({ phase: 'away', step: 5, remote: { hasWeights: false } });
    expect(inEnglish(away.state.remote?.away ?? '')).toMatch(/cannot be read now \(ENOENT\)/);
    expect(away.isBehind).toBe(false);
    renameSync(join(root, 'unmounted'), remote.folder);
    remote.train(6, 8);
    const back = await look(1000);
    expect(back.state).toMatchObject({ phase: 'running', step: 8, remote: { away: null } });
    expect(back.news).toEqual({ first: eventsOf(1, 5).length, events: eventsOf(6, 8) });
  });

  it('does not take another run in the same folder for this one', async () => {
    remote.train(1, 5);
    await look();
    remote.writeJson('normlab-remote.json', { ...remote.facts, id: 'another' });
    const { state } = await look();
    expect(state.phase).toBe('away');
    expect(inEnglish(state.remote?.away ?? '')).toMatch(/Another run is in/);
  });

  it('keeps what it knew while a file is damaged, and counts damaged lines', async () => {
    remote.train(1, 5);
    remote.status({ state: 'training', step: 5 });
    await look();
    writeFileSync(remote.path('status'), '{"state":');
    remote.append(eventsOf(6, 7));
    writeFileSync(remote.path('metrics'), 'not an event\n', { flag: 'a' });
    const { state } = await look();
    expect(state).toMatchObject({ phase: 'running', step: 7, remote: { damagedLines: 1 } });
  });

  it('reads a backlog in several looks and passes on its end only', async () => {
    remote.status();
    const many = Array.from({ length: 60 }, (_, at) => eventsOf(1 + 1000 * at, 1000 * (at + 1))).flat();
    remote.append(many);
    const looks: RemoteLook[] = [];
    do looks.push(await look());
    while (looks.at(-1)?.isBehind);
    expect(looks.length).toBeGreaterThan(2);
    expect(looks.slice(0, -1).every(({ news }) => news === null)).toBe(true);
    const { first = 0, events = [] } = looks.at(-1)?.news ?? {};
    expect(first + events.length).toBe(many.length);
  });

  it('is found by the folder above it; another folder is refused', async () => {
    expect(await findRemote(root)).toBe(remote.folder);
    expect(await findRemote(remote.folder)).toBe(remote.folder);
    await expect(findRemote(tmpdir())).rejects.toMatchObject({ code: 'run-not-found' });
  });

  it('is silent once nothing has changed for a while', async () => {
    remote.train(1, 5);
    await look();
    expect((await look(SILENT_AFTER_MS - 1)).state.phase).toBe('running');
    const { state } = await look(1000);
    expect(state.phase).toBe('silent');
    expect(state.remote?.silentMs).toBeGreaterThanOrEqual(SILENT_AFTER_MS);
    remote.train(6, 6);
    expect((await look(1000)).state).toMatchObject({ phase: 'running', remote: { silentMs: null } });
  });
});

describe('a sign of life', () => {
  const hour = 3_600_000;

  it('is a change that is seen here, whatever the clock there says', () => {
    for (const skew of [-hour, 0, hour]) {
      const life = new SignOfLife();
      for (let at = 0; at < 100; at += 1)
        expect(life.look(`${at}`, [now + skew], now + at * 1000), `skew ${skew}`).toBeNull();
    }
  });

  it('is missed since the times of the files, once nothing has changed here for a while', () => {
    const life = new SignOfLife();
    expect(life.look('same', [now - hour, NaN], now)).toBeNull();
    expect(life.look('same', [], now + SILENT_AFTER_MS)).toBe(hour + SILENT_AFTER_MS);
    const ahead = new SignOfLife();
    ahead.look('same', [now + hour], now);
    expect(ahead.look('same', [], now + SILENT_AFTER_MS)).toBe(SILENT_AFTER_MS);
  });
});
