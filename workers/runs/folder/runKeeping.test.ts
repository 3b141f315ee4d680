import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentHash } from '#core/document/documentHash.ts';
import { parseDocument } from '#core/document/parse.ts';
import { drawImages } from '../testing/imageFolder.ts';
import { readAbout } from './runAboutFile.ts';
import { openHostFolder, tinyProject, type HostFolder } from '../../host/testing/hostFolder.ts';
import { refusal, RunLab } from '../../host/testing/runLab.ts';
import { findTrash } from '../../files/trash.ts';

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

const LONG = { epochs: 20_000 };
const listed = async (runId: string) =>
  (await new RunLab(folder).runs.list()).find((state) => state.runId === runId);

async function stoppedRun(): Promise<string> {
  const runId = await lab.start(LONG);
  await lab.until(() => (lab.metrics().length > 3 ? true : null));
  lab.runs.stop(runId);
  await lab.phase('stopped');
  return runId;
}

async function finishedRun(): Promise<string> {
  const runId = await lab.start({ epochs: 1 });
  await lab.phase('finished');
  return runId;
}

describe('the end of a run', () => {
  it('that the user stopped is still a stop for the next lab, with how far it came; taken up again it is none', async () => {
    const runId = await stoppedRun();
    const state = await listed(runId);
    expect(state).toMatchObject({ phase: 'stopped', error: null });
    expect(state?.step).toBeGreaterThan(0);
    expect(state?.steps).toBe(lab.states().at(-1)?.steps);
    const next = new RunLab(folder);
    await next.runs.resume(runId);
    await next.phase('running');
    await next.runs.close();
    expect(await listed(runId)).toMatchObject({ phase: 'interrupted' });
  });

  it('is remembered with its reason when it failed, until it is taken up again', async () => {
    const runId = await stoppedRun();
    await rename(folder.at('train'), folder.at('elsewhere'));
    await lab.runs.resume(runId);
    const { error } = await lab.phase('failed');
    expect(error?.code).toBe('folder-not-found');
    expect(await listed(runId)).toMatchObject({ phase: 'failed', error });
    await rename(folder.at('elsewhere'), folder.at('train'));
    await lab.runs.resume(runId);
    await lab.phase('running');
    expect(await readAbout(lab.runs.folderOf(runId))).toEqual({});
  });
});

describe('the project of a run', () => {
  it('is told live and from the disk: id, name and hash', async () => {
    const parsed = parseDocument(tinyProject({ precision: 'f32', threads: 1, epochs: 1 }));
    if (!parsed.ok) throw new Error('tiny project');
    const { id, name } = parsed.document;
    const project = { id, name, hash: documentHash(parsed.document) };
    const runId = await finishedRun();
    expect(lab.states()[0]?.project).toEqual(project);
    const state = await listed(runId);
    expect(state?.project).toEqual(project);
    expect(Math.abs((state?.startedAt ?? 0) - Date.now())).toBeLessThan(600_000);
  });

  it('of a run of an older lab is that of the project in it', async () => {
    const runId = await finishedRun();
    const file = path.join(lab.runs.folderOf(runId), 'run.json');
    const {
      projectId: _id,
      documentHash: hash,
      ...old
    } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify(old));
    expect((await listed(runId))?.project).toMatchObject({ id: 'tiny', hash });
  });

  it('can be read back with all that the run was started with', async () => {
    const runId = await finishedRun();
    expect(await lab.runs.details(runId)).toMatchObject({
      project: tinyProject({ precision: 'f32', threads: 1, epochs: 1 }),
      trainFolder: folder.at('train'),
      validationFolder: null,
      classes: 3,
    });
    expect((await refusal(() => lab.runs.details('none'))).code).toBe('run-not-found');
  });
});

describe('name and note', () => {
  it('are kept in the folder, told at once, and leave what the run was started with alone', async () => {
    const runId = await finishedRun();
    const manifest = path.join(lab.runs.folderOf(runId), 'run.json');
    const before = await readFile(manifest, 'utf8');
    await lab.runs.describe(runId, { name: 'Best so far' });
    const state = await lab.runs.describe(runId, { note: 'decay 0.9\nsecond try' });
    expect(state).toMatchObject({ name: 'Best so far', note: 'decay 0.9\nsecond try', phase: 'finished' });
    expect(lab.states().at(-1)).toEqual(state);
    expect(await listed(runId)).toEqual(state);
    await lab.runs.describe(runId, { note: '' });
    expect(await readAbout(lab.runs.folderOf(runId))).toEqual({ name: 'Best so far' });
    expect(await readFile(manifest, 'utf8')).toBe(before);
  });

  it('can change while the run trains, both at once, and outlive its end', async () => {
    const runId = await lab.start(LONG);
    await lab.phase('running');
    await Promise.all([
      lab.runs.describe(runId, { name: 'Other' }),
      lab.runs.describe(runId, { note: 'live' }),
    ]);
    expect(lab.states().at(-1)).toMatchObject({ name: 'Other', note: 'live' });
    lab.runs.stop(runId);
    expect(await lab.phase('stopped')).toMatchObject({ name: 'Other', note: 'live' });
    expect(await listed(runId)).toMatchObject({ name: 'Other', note: 'live', phase: 'stopped' });
  });

  it('do not cost the run when their file is damaged', async () => {
    const runId = await finishedRun();
    await writeFile(path.join(lab.runs.folderOf(runId), 'about.json'), '{"name": 7');
    expect(await listed(runId)).toMatchObject({ name: 'Tiny net', note: '', phase: 'finished' });
  });
});

describe('deleting a run', () => {
  it('removes its folder for good and tells of it', async () => {
    const runId = await finishedRun();
    await lab.runs.delete(runId, true);
    expect(await readdir(folder.home.runs)).toEqual([]);
    expect(lab.events.at(-1)).toEqual({ event: 'runDeleted', runId });
    expect((await refusal(() => lab.runs.delete(runId, true))).code).toBe('run-not-found');
  });

  it('moves it into the trash when there is one, and does nothing final unasked', async () => {
    const runId = await finishedRun();
    expect((await refusal(() => lab.runs.delete(runId, false))).code).toBe('io');
    expect(await readdir(folder.home.runs)).toEqual([runId]);
    await mkdir(folder.at('.Trash'));
    const withTrash = new RunLab(folder, findTrash(folder.home.runs, folder.root, 'darwin'));
    await withTrash.runs.delete(runId, false);
    expect(await readdir(folder.home.runs)).toEqual([]);
    expect(existsSync(folder.at('.Trash', runId, 'run.json'))).toBe(true);
  });

  it('is refused while it trains, is measured, or is written by another process', async () => {
    const training = await lab.start(LONG);
    await lab.phase('running');
    expect((await refusal(() => lab.runs.delete(training, true))).code).toBe('run-busy');
    lab.runs.stop(training);
    await lab.phase('stopped');
    const letGo = await lab.runs.hold(training);
    expect((await refusal(() => lab.runs.delete(training, true))).code).toBe('run-busy');
    letGo();
    const lock = path.join(lab.runs.folderOf(training), '.lock');
    await writeFile(lock, JSON.stringify({ pid: process.ppid, host: hostname(), since: Date.now() }));
    expect((await refusal(() => lab.runs.delete(training, true))).code).toBe('run-busy');
    expect(existsSync(path.join(lab.runs.folderOf(training), 'run.json'))).toBe(true);
  });

  it('takes one that cannot be read, and never what a link leads to', async () => {
    const runId = await finishedRun();
    await writeFile(path.join(lab.runs.folderOf(runId), 'run.json'), '{');
    await lab.runs.delete(runId, true);
    await mkdir(folder.at('precious'));
    await writeFile(folder.at('precious', 'thesis.txt'), 'x');
    await symlink(folder.at('precious'), path.join(folder.home.runs, 'linked'));
    expect((await refusal(() => lab.runs.delete('linked', true))).code).toBe('run-not-found');
    expect(existsSync(folder.at('precious', 'thesis.txt'))).toBe(true);
    expect((await refusal(() => lab.runs.delete('..', true))).code).toBe('run-not-found');
  });
});
