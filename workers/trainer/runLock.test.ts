import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockRun } from './runLock.ts';

let folder = '';
let other: ChildProcess;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-lock-'));
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(other, 'spawn');
});
afterEach(async () => {
  other.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const write = (lock: string): Promise<void> => writeFile(path.join(folder, '.lock'), lock);
const held = (but: object = {}): string =>
  JSON.stringify({ pid: other.pid, host: hostname(), since: Date.now(), ...but });

it('keeps a folder for one process until it is released', async () => {
  await write(held());
  await expect(lockRun(folder)).rejects.toMatchObject({ code: 'run-busy', where: folder });
  await expect(lockRun(folder)).rejects.toThrow(
    `Process ${String(other.pid)} is writing the run in ${folder}; wait`,
  );
  expect(await readdir(folder)).toEqual(['.lock']);

  other.kill('SIGKILL');
  await once(other, 'exit');
  const release = await lockRun(folder);
  expect(await readdir(folder)).toEqual(['.lock']);
  await release();
  expect(await readdir(folder)).toEqual([]);
});

it.each<[string, () => string]>([
  ['from before the computer started', () => held({ since: 0 })],
  ['of this process', () => held({ pid: process.pid })],
])('takes a folder with a lock %s', async (_name, lock) => {
  await write(lock());
  await (
    await lockRun(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

it('takes a folder with a lock that was cut short, not with one that is being written', async () => {
  await write('');
  await expect(lockRun(folder)).rejects.toThrow('Another process is writing');
  await utimes(path.join(folder, '.lock'), 1, 1);
  await (
    await lockRun(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

it('does not guess about another computer, and names the file to delete', async () => {
  await write(held({ host: 'elsewhere' }));
  await expect(lockRun(folder)).rejects.toThrow(/of the computer “elsewhere”.*delete .*\.lock/);
});

it('lets one of many have a folder that a dead process left', async () => {
  other.kill('SIGKILL');
  await once(other, 'exit');
  await write(held());
  const source = `import { lockRun } from ${JSON.stringify(new URL('runLock.ts', import.meta.url).href)};
    await lockRun(${JSON.stringify(folder)}).then(() => console.log('mine'), (error) => console.log(error.code));
    process.stdin.resume();`;
  const rivals = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', source]),
  );
  const said = await Promise.all(
    rivals.map(async ({ stdout }) => String(((await once(stdout, 'data')) as [Buffer])[0]).trim()),
  );
  for (const rival of rivals) rival.kill('SIGKILL');
  expect(said.filter((word) => word === 'mine')).toHaveLength(1);
  expect(said.filter((word) => word === 'run-busy')).toHaveLength(5);
});
