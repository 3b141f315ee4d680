import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockRun } from './runLock.ts';

let folder = '';
let other: ChildProcess;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-lock-'));
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(other, 'spawn');
});
afterEach(async () => {
  for (const child of [other, ...children.splice(0)]) child.kill('SIGKILL');
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
  const lock = await lockRun(folder);
  expect(await readdir(folder)).toEqual(['.lock']);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

it.each<[string, () => string]>([
  ['from before the computer started', () => held({ since: 0 })],
  ['of this process', () => held({ pid: process.pid })],
])('takes a folder with a lock %s', async (_name, lock) => {
  await write(lock());
  await (await lockRun(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it('takes a folder with a lock that was cut short, not with one that is being written', async () => {
  await write('');
  await expect(lockRun(folder)).rejects.toThrow('Another process is writing');
  await utimes(path.join(folder, '.lock'), 1, 1);
  await (await lockRun(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

it('does not guess about another computer, and names the file to delete', async () => {
  await write(held({ host: 'elsewhere' }));
  await expect(lockRun(folder)).rejects.toThrow(/of the computer “elsewhere”.*delete .*\.lock/);
});

it('is lost when the folder or the lock is removed or replaced, and then leaves the other lock alone', async () => {
  const lock = await lockRun(folder);
  expect(await lock.isHeld()).toBe(true);
  await rm(path.join(folder, '.lock'));
  expect(await lock.isHeld()).toBe(false);
  await write(held());
  expect(await lock.isHeld()).toBe(false);
  await lock.release();
  expect(await readdir(folder)).toEqual(['.lock']);
});

it('follows a chain that killed processes left behind, and clears it away', async () => {
  const dead = await deadOwner();
  const [first, second] = [dead(), dead()];
  await write(first);
  const digest = createHash('sha256').update(`.lock\n${first}`).digest('hex').slice(0, 24);
  await writeFile(path.join(folder, `.lock.${digest}`), second);
  await writeFile(path.join(folder, '.lock-new.abandoned'), second);
  await utimes(path.join(folder, '.lock-new.abandoned'), 1, 1);
  expect(await (await lockRun(folder)).isHeld()).toBe(true);
  expect(await readdir(folder)).toEqual(['.lock']);
});

it('gives one of many the folder, in every round: new, or left by dead processes', async () => {
  const rivals = await Promise.all(Array.from({ length: RIVALS }, startRival));
  const dead = await deadOwner();
  const winners = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const place = path.join(folder, `run${String(round)}`);
    await mkdir(place);
    if (round % 2 === 1) await writeFile(path.join(place, '.lock'), dead());
    const said = await Promise.all(rivals.map((rival) => rival.ask(place)));
    winners.push(said.filter((word) => word === 'mine').length);
    expect(said.filter((word) => word === 'run-busy')).toHaveLength(RIVALS - 1);
    expect(await readdir(place)).toEqual(['.lock']);
  }
  expect(winners).toEqual(Array.from({ length: ROUNDS }, () => 1));
}, 120_000);

const RIVALS = 6;
const ROUNDS = 60;

interface Rival {
  /** The result of its attempt to lock a folder: `mine`, and it keeps the lock, or an error's code. */
  ask(place: string): Promise<string>;
}

/** A process that locks the folders whose paths it receives. */
async function startRival(): Promise<Rival> {
  const child = fork(fileURLToPath(new URL('../testing/lockChild.ts', import.meta.url)));
  children.push(child);
  await once(child, 'message');
  return {
    ask: async (place) => {
      const answer = once(child, 'message');
      child.send(place);
      return String((await answer)[0]);
    },
  };
}

/** Locks of a process that no longer exists, each different. */
async function deadOwner(): Promise<() => string> {
  const { pid } = other;
  other.kill('SIGKILL');
  await once(other, 'exit');
  return () => JSON.stringify({ pid, host: hostname(), since: Date.now(), token: randomUUID() });
}
