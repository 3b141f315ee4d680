import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { parseProject } from '../storage/projectFile.ts';
import { FileGrants } from '../grants/fileGrants.ts';
import { inlineCalls } from '../../threads/testing/inlineCalls.ts';
import { storageHandlers } from '../storage/storageHandlers.ts';
import { plainName } from './plainName.ts';
import { ProjectService } from './projectService.ts';
import { openHostFolder, tinyProject, type HostFolder } from '../testing/hostFolder.ts';

let folder: HostFolder;
let grants: FileGrants;
let projects: ProjectService;
const project = tinyProject();

beforeEach(async () => {
  folder = await openHostFolder();
  await mkdir(folder.at('user'));
  grants = new FileGrants([folder.root]);
  projects = new ProjectService(folder.home, grants, inlineCalls(storageHandlers()));
});
afterEach(() => folder.remove());

function userFolder(): string {
  return grants.grant(folder.at('user')).grant;
}

async function refusal(act: () => unknown): Promise<AppError> {
  const thrown: unknown = await Promise.resolve()
    .then(act)
    .then(
      () => new Error('was not refused'),
      (error: unknown) => error,
    );
  if (thrown instanceof AppError) return thrown;
  throw thrown;
}

/** Faults of a project file, and the error code of each. */
const BROKEN: readonly [name: string, text: string, code: string][] = [
  ['empty', '', 'project-truncated'],
  ['cut in half', project.slice(0, project.length / 2), 'project-truncated'],
  ['no JSON', 'hello', 'project-not-json'],
  ['JSON of another kind', '{"format":"other"}', 'project-not-a-project'],
  ['of a future version', project.replace('"version": 1', '"version": 2'), 'project-future-version'],
  ['with a wrong value', project.replace('"epochs": 2', '"epochs": "two"'), 'project-invalid'],
];

describe('starting weights', () => {
  const content = 'any weights';
  const sha256 = createHash('sha256').update(content).digest('hex');
  const start = { file: 'net.weights.safetensors', sha256, source: 'net.pth' };
  const started = serializeDocument({ ...parseProject(project), start });
  const stored = (): string => path.join(folder.home.weights, `${sha256}.safetensors`);
  const beside = (): string => folder.at('user', start.file);

  async function open(): Promise<void> {
    await writeFile(folder.at('user', 'net.normlab.json'), started);
    await projects.open(grants.grant(folder.at('user', 'net.normlab.json')).grant);
  }

  it('that lie beside a project are brought into the lab when it is opened', async () => {
    await writeFile(beside(), content);
    await open();
    expect(await readFile(stored(), 'utf8')).toBe(content);
    expect(await readdir(folder.home.weights)).toEqual([`${sha256}.safetensors`]);
  });

  it('of other content are not brought in, and the project opens', async () => {
    await writeFile(beside(), 'changed');
    await open();
    expect(await readdir(folder.home.weights)).toEqual([]);
  });

  it('are written beside a project that is saved, never over another file', async () => {
    await writeFile(stored(), content);
    await projects.save(started, { folder: userFolder(), name: 'net' });
    expect(await readFile(beside(), 'utf8')).toBe(content);
    await writeFile(beside(), 'of the user');
    await projects.save(started, { folder: userFolder(), name: 'net', overwrite: true });
    expect(await readFile(beside(), 'utf8')).toBe('of the user');
    expect(await readdir(folder.at('user'))).toEqual(['net.normlab.json', start.file]);
  });

  it('that the lab has lost do not prevent saving', async () => {
    await projects.save(started, { folder: userFolder(), name: 'net' });
    expect(await readdir(folder.at('user'))).toEqual(['net.normlab.json']);
  });
});

describe('saving', () => {
  it('writes the text as it is under a plain name, and over a file that was opened', async () => {
    const saved = await projects.save(project, { folder: userFolder(), name: 'net' });
    expect(saved.path).toBe(folder.at('user', 'net.normlab.json'));
    expect(await readFile(saved.path, 'utf8')).toBe(project);
    const changed = tinyProject({ epochs: 9 });
    await projects.save(changed, { file: saved.grant });
    expect(await readFile(saved.path, 'utf8')).toBe(changed);
    expect(await readdir(folder.at('user'))).toEqual(['net.normlab.json']);
  });

  it('under the name of another file leaves that as it is, unless replacing it was agreed to', async () => {
    const taken = folder.at('user', 'net.normlab.json');
    const theirs = tinyProject({ epochs: 9 });
    await writeFile(taken, theirs);
    const target = { folder: userFolder(), name: 'net' };
    const error = await refusal(() => projects.save(project, target));
    expect(error).toMatchObject({ code: 'output-exists', where: taken });
    expect(await readFile(taken, 'utf8')).toBe(theirs);
    await projects.save(project, { ...target, overwrite: true });
    expect(await readFile(taken, 'utf8')).toBe(project);
  });

  it('leaves a file as it is that another program changed, until told to overwrite it', async () => {
    const first = await projects.save(project, { folder: userFolder(), name: 'net' });
    const opened = await projects.open(first.grant);
    expect(opened.file.version).toBe(first.version);
    const [mine, theirs] = [tinyProject({ epochs: 8 }), tinyProject({ epochs: 9 })];
    await writeFile(first.path, theirs);
    const { grant, version } = opened.file;
    const error = await refusal(() => projects.save(mine, { file: grant, version }));
    expect(error).toMatchObject({ code: 'project-changed', where: first.path });
    expect(await readFile(first.path, 'utf8')).toBe(theirs);
    const over = await projects.save(mine, { file: grant });
    expect(await readFile(first.path, 'utf8')).toBe(mine);
    await projects.save(project, { file: grant, version: over.version });
    // A missing file holds no work that could be lost.
    await rm(first.path);
    await projects.save(mine, { file: grant, version });
    expect(await readFile(first.path, 'utf8')).toBe(mine);
  });

  it.each(BROKEN)('refuses text that is %s, and leaves the old file as it was', async (_, text, code) => {
    const { grant, path: file } = await projects.save(project, { folder: userFolder(), name: 'net' });
    expect((await refusal(() => projects.save(text, { file: grant }))).code).toBe(code);
    expect((await refusal(() => projects.save(text, { folder: userFolder(), name: 'new' }))).code).toBe(code);
    expect(await readFile(file, 'utf8')).toBe(project);
    expect(await readdir(folder.at('user'))).toEqual(['net.normlab.json']);
  });

  it.each([
    '../net',
    'a/b',
    'a\\b',
    '..\\net',
    '/etc/net',
    'C:net',
    'a\0b',
    'a\nb',
    '.normlab.json',
    '*',
    '?',
  ])('refuses the name %j', async (name) => {
    const error = await refusal(() => projects.save(project, { folder: userFolder(), name }));
    expect(error.code).toBe('arguments');
    expect(await readdir(folder.at('user'))).toEqual([]);
    expect(await readdir(folder.root)).not.toContain('net.normlab.json');
  });

  it.each(['ümläut 中文', 'a b', "it's", 'net.normlab.json'])(
    'keeps the name %j in its folder',
    async (name) => {
      const { path: file } = await projects.save(project, { folder: userFolder(), name });
      expect(path.dirname(file)).toBe(folder.at('user'));
      expect(path.basename(file)).toBe(plainName(name, '.normlab.json'));
    },
  );

  it('into a folder that is gone says so', async () => {
    const grant = userFolder();
    await rm(folder.at('user'), { recursive: true });
    const error = await refusal(() => projects.save(project, { folder: grant, name: 'net' }));
    expect(error.code).toBe('output-not-writable');
    expect(error.message).toContain(folder.at('user', 'net.normlab.json'));
  });
});

describe('opening', () => {
  it('gives the text and a grant to save it again', async () => {
    await writeFile(folder.at('user', 'a.normlab.json'), project);
    const opened = await projects.open(grants.grant(folder.at('user', 'a.normlab.json')).grant);
    expect(opened.project).toBe(project);
    expect(grants.resolve(opened.file.grant, 'project', 'write')).toBe(folder.at('user', 'a.normlab.json'));
  });

  it.each(BROKEN)('refuses a file that is %s, names it, and does not list it', async (_, text, code) => {
    const file = folder.at('user', 'a.normlab.json');
    await writeFile(file, text);
    const error = await refusal(() => projects.open(grants.grant(file).grant));
    expect(error).toMatchObject({ code, where: file });
    expect(projects.recent()).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('says when the file is gone or is a folder', async () => {
    const gone = grants.grant(folder.at('user', 'gone.normlab.json')).grant;
    expect((await refusal(() => projects.open(gone))).message).toContain('is not there');
    await mkdir(folder.at('user', 'd.normlab.json'));
    const below = grants.grant(folder.at('user', 'd.normlab.json'), 'project').grant;
    expect((await refusal(() => projects.open(below))).message).toContain('is a folder');
    expect((await refusal(() => projects.open(userFolder()))).code).toBe('grant-unfit');
  });
});

describe('recent projects', () => {
  it('are the last opened or saved, newest first, each once, at most twelve', async () => {
    for (let index = 0; index < 14; index += 1)
      await projects.save(project, { folder: userFolder(), name: `p${index}` });
    await projects.save(project, { folder: userFolder(), name: 'p5', overwrite: true });
    const names = projects.recent().map(({ name }) => name.replace('.normlab.json', ''));
    expect(names).toEqual(['p5', 'p13', 'p12', 'p11', 'p10', 'p9', 'p8', 'p7', 'p6', 'p4', 'p3', 'p2']);
  });

  it('survive a restart, and leave out files that are gone', async () => {
    await projects.save(project, { folder: userFolder(), name: 'kept' });
    const { path: gone } = await projects.save(project, { folder: userFolder(), name: 'gone' });
    await rm(gone);
    const again = new ProjectService(folder.home, new FileGrants([]), inlineCalls(storageHandlers()));
    expect(again.recent().map(({ name }) => name)).toEqual(['kept.normlab.json']);
  });

  it.each(['', '{', '{"a":1}', '[1,2]'])('begin anew when their list is broken: %j', async (text) => {
    await writeFile(folder.home.recentFile, text);
    expect(projects.recent()).toEqual([]);
    await projects.save(project, { folder: userFolder(), name: 'net' });
    expect(projects.recent()).toHaveLength(1);
  });
});

describe('recovery copies', () => {
  const keep = (projectId: string, text: string, file: string | null, history = ''): Promise<void> =>
    projects.keepRecovery({ projectId, project: text, history, file });

  it('come back after a restart, newest first, with the file they belong to', async () => {
    const { path: file, grant } = await projects.save(project, { folder: userFolder(), name: 'net' });
    const edited = tinyProject({ epochs: 5 });
    await keep('one', edited, grant);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await keep('two', project, null);
    const again = new ProjectService(folder.home, new FileGrants([]), inlineCalls(storageHandlers()));
    const found = await again.recoveries();
    expect(found.map((each) => each.project)).toEqual([project, edited]);
    expect(found.map((each) => each.file?.path ?? null)).toEqual([null, file]);
    expect(found[0]?.savedAtMs).toBeGreaterThan(found[1]?.savedAtMs ?? Infinity);
    expect(await readFile(file, 'utf8')).toBe(project);
  });

  it('of two windows on one project stand side by side, and go one by one', async () => {
    const edited = tinyProject({ epochs: 5 });
    for (const [copyId, text] of [
      ['one/', project],
      ['two/', edited],
    ] as const)
      await projects.keepRecovery({ projectId: 'tiny', copyId, project: text, history: '', file: null });
    const texts = async (): Promise<string[]> =>
      (await projects.recoveries()).map((each) => `${each.copyId} ${each.project}`);
    expect((await texts()).sort()).toEqual([`one/ ${project}`, `two/ ${edited}`]);
    projects.dropRecovery('tiny', 'one/');
    projects.dropRecovery('tiny');
    expect(await texts()).toEqual([`two/ ${edited}`]);
    projects.dropRecovery('tiny', 'two/');
    expect(await texts()).toEqual([]);
  });

  it('bring the undo steps with them; those of an earlier lab, or with broken ones, bring none', async () => {
    await keep('one', project, null, 'steps');
    expect(await projects.recoveries()).toMatchObject([{ project, history: 'steps' }]);
    for (const history of [undefined, 7, 'x'.repeat(2 ** 21)]) {
      const [name = ''] = await readdir(folder.home.recovery);
      const text = JSON.stringify({ project, savedAtMs: 1, path: null, history });
      await writeFile(path.join(folder.home.recovery, name), text);
      expect(await projects.recoveries()).toMatchObject([{ project, history: '' }]);
    }
  });

  it('are kept without their file when its grant is of an earlier host', async () => {
    await keep('one', project, 'grant-of-an-earlier-host');
    expect(await projects.recoveries()).toMatchObject([{ project, file: null }]);
  });

  it('are replaced by the next one of the same project, and dropped once', async () => {
    await keep('one', project, null);
    const edited = tinyProject({ epochs: 5 });
    await keep('one', edited, null);
    expect((await projects.recoveries()).map((each) => each.project)).toEqual([edited]);
    projects.dropRecovery('one');
    projects.dropRecovery('one');
    expect(await projects.recoveries()).toEqual([]);
  });

  it.each(['../../user/net', '/etc/x', '..', 'a/b', '', '\0'])(
    'stay in the recovery folder for the project id %j',
    async (projectId) => {
      await keep(projectId, project, null);
      expect(await readdir(folder.home.recovery)).toHaveLength(1);
      expect(await readdir(folder.at('user'))).toEqual([]);
      projects.dropRecovery(projectId);
      expect(await readdir(folder.home.recovery)).toEqual([]);
    },
  );

  it('never take text that could not be opened again', async () => {
    await keep('one', project, null);
    expect((await refusal(() => keep('one', project.slice(0, 40), null))).code).toBe('project-truncated');
    expect((await projects.recoveries()).map((each) => each.project)).toEqual([project]);
  });

  it('that are broken are passed over and left in place', async () => {
    await writeFile(path.join(folder.home.recovery, 'bad.json'), '{');
    await writeFile(path.join(folder.home.recovery, 'note.txt'), 'x');
    await keep('one', project, null);
    expect(await projects.recoveries()).toHaveLength(1);
    expect(await readdir(folder.home.recovery)).toContain('bad.json');
  });

  it('offer no text that would break the answer for all of them', async () => {
    await writeFile(
      path.join(folder.home.recovery, 'bad.json'),
      JSON.stringify({ project: project.slice(0, 50), savedAtMs: 1, path: null }),
    );
    await keep('one', project, null);
    expect((await projects.recoveries()).map((each) => each.project)).toEqual([project]);
  });
});
