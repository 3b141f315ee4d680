import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCacheWriter } from '../data/cache/cacheWriter.ts';
import { writeFileAtomic } from './atomicFile.ts';
import { temporaryName } from './temporaryFiles.ts';

let folder = '';
let child: ChildProcess | null = null;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-temporary-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  child = null;
  await rm(folder, { recursive: true, force: true });
});

/** A process that starts a file for `target` and does not complete it. */
async function beginElsewhere(target: string): Promise<void> {
  const script = `
    import { writeFileSync } from 'node:fs';
    import { temporaryName } from ${JSON.stringify(new URL('./temporaryFiles.ts', import.meta.url).href)};
    writeFileSync(temporaryName(process.argv[1]), 'half');
    console.log('begun');
    setInterval(() => undefined, 1000);`;
  child = spawn(process.execPath, ['--input-type=module', '-e', script, target], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('no output');
  await once(child.stdout, 'data');
}

async function killed(): Promise<void> {
  child?.kill('SIGKILL');
  if (child !== null) await once(child, 'exit');
}

const isTemporary = (name: string): boolean => name.endsWith('.tmp');

/** A file with this age in hours. */
async function place(name: string, ageHours = 0): Promise<void> {
  const file = path.join(folder, name);
  await writeFile(file, 'half');
  const then = Date.now() / 1000 - ageHours * 3600;
  await utimes(file, then, then);
}

describe('temporary files', () => {
  it('of a killed process are swept when the same place is used again', async () => {
    await beginElsewhere(path.join(folder, 'model.onnx'));
    expect((await readdir(folder)).filter(isTemporary)).toHaveLength(1);
    await killed();
    await writeFileAtomic(path.join(folder, 'other.json'), 'whole');
    expect(await readdir(folder)).toEqual(['other.json']);
  });

  it('of a killed cache build are swept by the next one', async () => {
    const shape = { key: 'b'.repeat(64), policy: '', slots: 1, sampleBytes: 1 };
    await beginElsewhere(path.join(folder, `${'a'.repeat(64)}.pixels`));
    await killed();
    const writer = await createCacheWriter(path.join(folder, `${'b'.repeat(64)}.pixels`), shape);
    expect((await readdir(folder)).filter(isTemporary)).toHaveLength(1);
    await writer.abandon();
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a living process stay', async () => {
    await beginElsewhere(path.join(folder, 'model.onnx'));
    await writeFile(temporaryName(path.join(folder, 'mine.onnx')), 'half');
    await writeFileAtomic(path.join(folder, 'other.json'), 'whole');
    expect((await readdir(folder)).filter(isTemporary)).toHaveLength(2);
  });

  it('of another computer, and of former versions, go a day after they were written; others never', async () => {
    const elsewhere = (name: string): string => `.${name}.normlab-00000000-1-0123456789ab.tmp`;
    await place(elsewhere('young.onnx'), 1);
    await place(elsewhere('old.onnx'), 30);
    await place('.model.onnx.0123456789ab.unverified', 30);
    await place('.model.onnx.abcdef012345.unverified', 1);
    await place('.mine.0123456789ab.tmp', 300);
    await place('.mine.tmp', 300);
    await writeFileAtomic(path.join(folder, 'other.json'), 'whole');
    expect((await readdir(folder)).sort()).toEqual(
      [
        elsewhere('young.onnx'),
        '.model.onnx.abcdef012345.unverified',
        '.mine.0123456789ab.tmp',
        '.mine.tmp',
        'other.json',
      ].sort(),
    );
  });

  it('with the number of this process from before its start are swept', async () => {
    const former = temporaryName(path.join(folder, 'model.onnx'));
    await writeFile(former, 'half');
    const before = Date.now() / 1000 - process.uptime() - 60;
    await utimes(former, before, before);
    await writeFileAtomic(path.join(folder, 'other.json'), 'whole');
    expect(await readdir(folder)).toEqual(['other.json']);
  });

  it('have names that a file system takes, however long the name of the file', async () => {
    const file = path.join(folder, `${'鸟'.repeat(80)}.onnx`);
    await writeFileAtomic(file, 'whole');
    expect(await readdir(folder)).toEqual([path.basename(file)]);
  });
});
