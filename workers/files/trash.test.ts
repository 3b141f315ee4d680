import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { must } from '#core/diagnostics/invariantError.ts';
import { refusal } from '../host/testing/runLab.ts';
import { findTrash } from './trash.ts';

let home: string;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'normlab-trash-')));
  vi.stubEnv('XDG_DATA_HOME', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

async function folderWithFile(name: string): Promise<string> {
  const folder = join(home, name);
  await mkdir(folder);
  await writeFile(join(folder, 'a.txt'), name);
  return folder;
}

describe('findTrash', () => {
  it('finds none where the system has made none, and none of a system that has another kind', async () => {
    expect(findTrash(home, home, 'linux')).toBeNull();
    await mkdir(join(home, '.local', 'share', 'Trash'), { recursive: true });
    expect(findTrash(home, home, 'linux')).not.toBeNull();
    expect(findTrash(home, home, 'win32')).toBeNull();
    expect(findTrash(home, home, 'darwin')).toBeNull();
  });

  it('moves a folder with the note that brings it back, under a free name', async () => {
    const trash = join(home, '.local', 'share', 'Trash');
    await mkdir(trash, { recursive: true });
    const { put } = must(findTrash(home, home, 'linux'), 'trash');
    for (const _ of [1, 2]) await put(await folderWithFile('a run'));
    expect((await readdir(join(trash, 'files'))).sort()).toEqual(['a run', 'a run 2']);
    const note = await readFile(join(trash, 'info', 'a run 2.trashinfo'), 'utf8');
    expect(note).toContain(`Path=${home}/a%20run\n`);
    expect(note).toMatch(/^\[Trash Info\]\n.*\nDeletionDate=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n$/);
    expect(await readdir(home)).toEqual(['.local']);
  });

  it('leaves no note behind when there is nothing to move', async () => {
    const trash = join(home, '.local', 'share', 'Trash');
    await mkdir(trash, { recursive: true });
    const { put } = must(findTrash(home, home, 'linux'), 'trash');
    expect((await refusal(() => put(join(home, 'gone')))).code).toBe('output-not-writable');
    expect(await readdir(join(trash, 'info'))).toEqual([]);
  });

  it('knows the trash of macOS', async () => {
    await mkdir(join(home, '.Trash'));
    const { put } = must(findTrash(home, home, 'darwin'), 'trash');
    for (const _ of [1, 2]) await put(await folderWithFile('a run'));
    expect((await readdir(join(home, '.Trash'))).sort()).toEqual(['a run', 'a run 2']);
  });
});
