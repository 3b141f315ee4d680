import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withSystem } from '../runs/testing/imageFolder.ts';
import { errnoOf } from './atomicFile.ts';
import { makeFolders } from './makeFolders.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'normlab-folders-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function codeOf(folder: string): string {
  try {
    makeFolders(folder);
  } catch (error) {
    return errnoOf(error);
  }
  return '';
}

describe('making folders', () => {
  it('makes all that are missing, and is content with what is there', async () => {
    const deep = path.join(root, 'a', 'b', 'c');
    expect([codeOf(deep), codeOf(deep)]).toEqual(['', '']);
    expect(existsSync(deep)).toBe(true);
    await symlink(deep, path.join(root, 'link'));
    expect(codeOf(path.join(root, 'link', 'd'))).toBe('');
    expect(existsSync(path.join(deep, 'd'))).toBe(true);
    expect(codeOf('/')).toBe('');
  });

  it('names a file that stands in the way', async () => {
    await writeFile(path.join(root, 'file'), '');
    expect(codeOf(path.join(root, 'file'))).toBe('EEXIST');
    expect(codeOf(path.join(root, 'file', 'below'))).toBe('ENOTDIR');
    expect(codeOf(path.join(root, 'file', 'far', 'below'))).toBe('ENOTDIR');
  });

  it('names a read-only disk', async (test) => {
    makeFolders(path.join(root, 'disk'));
    const mount = ['mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs', path.join(root, 'disk')];
    const done = await withSystem(mount, ['umount', '-l', path.join(root, 'disk')], () => {
      expect(codeOf(path.join(root, 'disk', 'a', 'b'))).toBe('EROFS');
      return Promise.resolve();
    });
    test.skip(!done, 'needs the right to mount a tmpfs');
  });

  it.runIf(process.platform === 'linux')('ends where nothing can be made', () => {
    expect(['ENOENT', 'EACCES', 'EPERM']).toContain(codeOf('/proc/normlab/run'));
  });
});
