import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { asIs } from '#core/words/message.ts';
import { toOutputError, writeFileAtomic } from './atomicFile.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-atomic-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function failure(write: Promise<void>): Promise<AppError> {
  const thrown: unknown = await write.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw new Error(`expected an AppError, got ${String(thrown)}`);
  return thrown;
}

/** Runs `body` with a command executed before it and undone after it; false when the machine does not allow it. */
async function within(before: string[], after: string[], body: () => Promise<void>): Promise<boolean> {
  try {
    execFileSync(before[0] ?? '', before.slice(1), { stdio: 'ignore' });
  } catch {
    return false;
  }
  try {
    await body();
  } finally {
    execFileSync(after[0] ?? '', after.slice(1), { stdio: 'ignore' });
  }
  return true;
}

describe('writeFileAtomic', () => {
  it('writes new files, replaces old ones and leaves no temporary file', async () => {
    const file = path.join(folder, 'a.json');
    await writeFileAtomic(file, 'first');
    await writeFileAtomic(file, new Uint8Array([111, 107]));
    expect(await readFile(file, 'utf8')).toBe('ok');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('keeps the mode of the file it replaces', async () => {
    const file = path.join(folder, 'secret');
    await writeFile(file, 'x');
    await chmod(file, 0o600);
    await writeFileAtomic(file, 'y');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('writes through a symbolic link', async () => {
    await mkdir(path.join(folder, 'real'));
    await writeFile(path.join(folder, 'real/a'), 'old');
    await symlink(path.join(folder, 'real/a'), path.join(folder, 'link'));
    await writeFileAtomic(path.join(folder, 'link'), 'new');
    expect(await readFile(path.join(folder, 'real/a'), 'utf8')).toBe('new');
  });

  it('says when the folder is missing, is a file, or the name is taken by a folder', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await mkdir(path.join(folder, 'taken'));
    const missing = await failure(writeFileAtomic(path.join(folder, 'no/a'), ''));
    const inFile = await failure(writeFileAtomic(path.join(folder, 'file/a'), ''));
    const taken = await failure(writeFileAtomic(path.join(folder, 'taken'), ''));
    expect(missing.message).toContain('its folder does not exist');
    expect(inFile.message).toContain('there is a file where a folder is needed');
    expect(taken.message).toContain('a folder has that name');
    expect([missing.code, inFile.code, taken.code]).toEqual(Array(3).fill('output-not-writable'));
    expect((await readdir(folder)).sort()).toEqual(['file', 'taken']);
  });

  it('keeps the old file when the disk is full', async (context) => {
    const file = path.join(folder, 'a');
    const mounted = await within(
      ['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder],
      ['umount', folder],
      async () => {
        await writeFileAtomic(file, 'precious');
        const error = await failure(writeFileAtomic(file, new Uint8Array(200_000)));
        expect(error.code).toBe('disk-full');
        expect(error.message).toContain(file);
        expect(await readFile(file, 'utf8')).toBe('precious');
        expect(await readdir(folder)).toEqual(['a']);
      },
    );
    if (!mounted) context.skip('needs the right to mount a tmpfs');
  });

  it('keeps the old file when the folder may not be written', async (context) => {
    const file = path.join(folder, 'a');
    await writeFileAtomic(file, 'precious');
    const locked = await within(['chattr', '+i', folder], ['chattr', '-i', folder], async () => {
      const error = await failure(writeFileAtomic(file, 'other'));
      expect(error.code).toBe('output-not-writable');
      expect(await readFile(file, 'utf8')).toBe('precious');
    });
    if (!locked) context.skip('needs the right to make a folder immutable');
  });
});

describe('toOutputError', () => {
  it('passes an AppError on and calls the rest an io failure', () => {
    const known = new AppError('disk-full', asIs('x'));
    expect(toOutputError(known, 'f')).toBe(known);
    expect(toOutputError(Object.assign(new Error('x'), { code: 'EIO' }), 'f')).toMatchObject({
      code: 'io',
      where: 'f',
    });
  });
});
