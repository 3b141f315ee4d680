import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { imageFolder, temporaryFolder } from '../testing/imageFolder.ts';

const SCRIPT = fileURLToPath(new URL('../testing/openSetOnce.ts', import.meta.url));
const IMAGES = 60;
const IN_MEMORY = 2 ** 30;
const resultSchema = z.object({ state: z.string(), problem: z.string().nullable(), digest: z.string() });

/** Opens the set in a process of its own. */
async function openElsewhere(
  folder: string,
  cacheFolder: string,
  budget: number,
): Promise<z.infer<typeof resultSchema>> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, folder, cacheFolder, `${budget}`]);
  return resultSchema.parse(JSON.parse(stdout));
}

describe.each([IN_MEMORY, 0])('the cache on disk, with %i bytes of memory', (budget) => {
  it('is whole or not there after a SIGKILL at any moment of its making', { timeout: 240_000 }, async () => {
    const folder = await imageFolder(['a', 'b'], IMAGES);
    const expected = await openElsewhere(folder, temporaryFolder(), budget);
    for (const share of [0.2, 0.6, 1]) {
      const cacheFolder = join(temporaryFolder(), 'cache');
      const child = spawn(process.execPath, [SCRIPT, folder, cacheFolder, `${budget}`], { stdio: 'ignore' });
      // The build begins when the folder exists and takes a few milliseconds.
      while (!existsSync(cacheFolder) && child.exitCode === null) await wait(1);
      await wait(share * 8);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const after = await openElsewhere(folder, cacheFolder, budget);
      expect(after.digest).toBe(expected.digest);
      expect(await openElsewhere(folder, cacheFolder, budget)).toEqual({ ...expected, state: 'reused' });
    }
  });

  it('serves two processes that make it at once', { timeout: 240_000 }, async () => {
    const folder = await imageFolder(['a', 'b'], IMAGES);
    const cacheFolder = temporaryFolder();
    const both = await Promise.all([1, 2, 3].map(() => openElsewhere(folder, cacheFolder, budget)));
    expect(new Set(both.map(({ digest, problem }) => `${digest} ${problem}`)).size).toBe(1);
    expect(readdirSync(cacheFolder)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.pixels$/)]);
    expect((await openElsewhere(folder, cacheFolder, budget)).state).toBe('reused');
  });
});

describe.skipIf(process.platform === 'win32')('a disk without room', () => {
  /**
   * A limit on the file size simulates a full disk: a write in the middle fails. The signal that comes with it is
   * ignored.
   */
  const onFullDisk = (
    folder: string,
    cacheFolder: string,
    budget: number,
  ): ReturnType<typeof openElsewhere> =>
    promisify(execFile)('sh', [
      '-c',
      'trap "" XFSZ; ulimit -f 200; exec "$@"',
      'sh',
      process.execPath,
      SCRIPT,
      folder,
      cacheFolder,
      `${budget}`,
    ]).then(({ stdout }) => resultSchema.parse(JSON.parse(stdout)));

  it('leaves no half cache behind; the images are used from memory', { timeout: 30_000 }, async () => {
    const folder = await imageFolder(['a', 'b'], IMAGES);
    const cacheFolder = temporaryFolder();
    const expected = await openElsewhere(folder, temporaryFolder(), IN_MEMORY);
    const result = await onFullDisk(folder, cacheFolder, IN_MEMORY);
    expect(result).toMatchObject({ state: 'memory-only', digest: expected.digest });
    expect(result.problem).toBeTruthy();
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  it('ends in one sentence where memory does not hold the set', { timeout: 30_000 }, async () => {
    const folder = await imageFolder(['a', 'b'], IMAGES);
    const cacheFolder = temporaryFolder();
    await expect(onFullDisk(folder, cacheFolder, 0)).rejects.toThrow(/AppError/);
    expect(readdirSync(cacheFolder)).toEqual([]);
  });
});
