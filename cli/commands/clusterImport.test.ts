import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '#core/export/safetensors.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { RemoteFolder } from '#workers/runs/testing/remoteFolder.ts';
import { openTerminal, type Ended, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
let remote: RemoteFolder;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('images'), 6, 1);
  remote = new RemoteFolder(terminal.at('project', 'output'));
  remote.train(1, 24);
  remote.finish();
  const ended = await terminal.run('cluster-import', 'project', '--out', 'run');
  expect(ended.stderr).toBe('');
  expect(ended.stdout).toContain('the finished training, 4 epochs, step 24, 24 batches seen');
}, 60_000);
afterAll(() => terminal.remove());

async function done(...args: string[]): Promise<Ended> {
  const ended = await terminal.run(...args);
  expect(ended.status, ended.stderr).toBe(0);
  return ended;
}

describe('a run that was trained elsewhere', () => {
  it('is evaluated, predicts, and is compared, as any other', async () => {
    const evaluated = await done('eval', 'run', '--data', 'images', '--checkpoint', 'best', '--json');
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ epoch: 3, images: 18 });
    const predicted = await done('predict', 'run', 'images/a');
    expect(predicted.stdout).toMatch(/[abc]/);
    const differences = await done('diff', 'run', 'run', '--checkpoint-b', 'best');
    expect(differences.stdout).toContain('bn1');
  }, 60_000);

  it('is exported with the tensors it came with, and with its curves', async () => {
    await done('export', 'run', '--format', 'safetensors', '--out', 'net.safetensors');
    const [own, theirs] = await Promise.all(
      [terminal.at('net.safetensors'), remote.path('last')].map(async (file) =>
        decodeSafetensors(await readFile(file)),
      ),
    );
    expect(own?.tensors).toEqual(theirs?.tensors);
    await done('export', 'run', '--format', 'pytorch', '--out', 'folder');
    const manifest = JSON.parse(await readFile(terminal.at('folder', 'normlab.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ data: { sha256: null } });
    await done('export', 'run', '--format', 'csv', '--out', 'curves.csv');
    expect((await readFile(terminal.at('curves.csv'), 'utf8')).split('\n').length).toBeGreaterThan(24);
  }, 60_000);

  it('starts new runs, but is not resumed, and says why', async () => {
    const project = await terminal.project('tiny', tinyDocument({ epochs: 1, threads: 1 }));
    await done('train', project, '--data', 'images', '--from', 'run', '--out', 'tuned');
    for (const more of [[], ['--epochs', '9']]) {
      const ended = await terminal.run('train', '--resume', '--out', 'run', ...more);
      expect(ended.status).toBe(2);
      expect(ended.stderr).toMatch(/state of its optimizer stayed there.*--from RUN/);
    }
  }, 60_000);

  it('is recalibrated on named images', async () => {
    await done('cluster-import', 'project/output', '--out', 'other', '--json');
    const measured = await done('recalibrate', 'other', '--data', 'images', '--part', 'all');
    expect(measured.stdout).toMatch(/accuracy/);
    const evaluated = await done('eval', 'other', '--data', 'images', '--json');
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ epoch: 4 });
  }, 60_000);

  it('is not overwritten unasked', async () => {
    const again = await terminal.run('cluster-import', 'project', '--out', 'run');
    expect(again.status).toBe(2);
    await done('cluster-import', 'project', '--out', 'run', '--force');
    const none = await terminal.run('cluster-import', 'images', '--out', 'none');
    expect(none.status).toBe(2);
    expect(none.stderr).toMatch(/no run to follow/);
  }, 60_000);
});

describe('normlab follow', () => {
  it('prints the epochs as they end, and ends with the training', async () => {
    const other = new RemoteFolder(terminal.at('far', 'output'));
    other.train(1, 7);
    const following = terminal.start('follow', 'far');
    await following.says('epoch 1 of 4');
    other.train(8, 24);
    other.finish();
    const { status, stderr } = await following.ended;
    expect(status).toBe(0);
    expect(stderr).toContain('24 steps, bf16, 2 × cuda, nccl');
    expect(stderr).toMatch(/epoch 4 of 4.*\n[^]*finished/);
  }, 30_000);

  it('fails with the reason where the training failed', async () => {
    const other = new RemoteFolder(terminal.at('bad', 'output'));
    other.train(1, 3);
    other.status({ state: 'failed', error: 'RuntimeError: out of memory' });
    const { status, stderr } = await terminal.run('follow', 'bad');
    expect(status).toBe(1);
    expect(stderr).toContain('RuntimeError: out of memory');
  }, 30_000);
});
