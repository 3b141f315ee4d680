import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { lastJson, openTerminal, refusalOf, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('images'), 6, 1);
  for (const seed of [1, 2]) {
    const project = await terminal.project(`tiny${seed}`, tinyDocument({ epochs: 1, seed }));
    const trained = await terminal.run('train', project, '--data', 'images', '--out', `run${seed}`);
    expect(trained.status).toBe(0);
  }
  for (const format of ['safetensors', 'onnx'])
    expect((await terminal.run('export', 'run1', '--format', format, '--out', `net.${format}`)).status).toBe(
      0,
    );
}, 60_000);
afterAll(() => terminal.remove());

describe('normlab diff', () => {
  it('finds a run and its exported file equal to the bit, also in JSON', async () => {
    const ended = await terminal.run('diff', 'run1', 'net.safetensors');
    expect([ended.status, ended.stdout.trim().split('\n')]).toEqual([
      0,
      [
        'A: run1 (normlab)',
        'B: net.safetensors (normlab)',
        '',
        'All 7 tensors in both models are equal to the bit in float32. The networks are the same.',
      ],
    ]);
    const json = lastJson(await terminal.run('diff', 'run1', 'net.safetensors', '--json'));
    expect(json).toMatchObject({
      ...{ a: { name: 'run1' }, b: { name: 'net.safetensors', format: 'normlab' } },
      ...{ equal: true, largest: null, alignment: 'id', batchNorm: [{ a: 'bn1', isEqual: true }] },
      verdict: expect.stringContaining('equal to the bit') as unknown,
    });
    const all = await terminal.run('diff', 'run1', 'net.safetensors', '--all');
    expect(all.stdout).toContain('equal to the bit');
    expect(all.stdout).toMatch(/bn1 +epsilon +0\.00001 +0\.00001/);
  });

  it('finds the same tensors in a file of another kind', async () => {
    const json = lastJson(await terminal.run('diff', 'net.onnx', 'run1', '--json'));
    const { tensors } = json as { tensors: { a: string; isEqual: boolean }[] };
    expect(tensors.filter(({ isEqual }) => isEqual).length).toBe(7);
  });

  it('shows what differs between two runs, and ends with where it differs most', async () => {
    const ended = await terminal.run('diff', 'run1', 'run2');
    expect(ended.status).toBe(0);
    const lines = ended.stdout.trim().split('\n');
    expect(lines[3]).toBe('BatchNorm values, largest difference');
    expect(lines.at(-1)).toMatch(/^The largest difference is .* in \w+\.\w+; [67] of 7 tensors differ\.$/);
  });

  it('shows a changed epsilon first, and what it alone changes', async () => {
    const imported = await terminal.run('import', 'net.safetensors', '--out', 'mine');
    expect(imported.status).toBe(0);
    const file = terminal.at('mine.normlab.json');
    const project = JSON.parse(await readFile(file, 'utf8')) as {
      graph: { nodes: { bn1: { params: { epsilon: number } } } };
    };
    project.graph.nodes.bn1.params.epsilon = 0.001;
    await writeFile(file, JSON.stringify(project));
    const ended = await terminal.run('diff', 'net.safetensors', 'mine.normlab.json');
    const lines = ended.stdout.trim().split('\n');
    expect([ended.status, lines.slice(3, 6).map((line) => line.split(/ {2,}/))]).toEqual([
      0,
      [['BatchNorm settings'], ['block', 'setting', 'A', 'B'], ['bn1', 'epsilon', '0.00001', '0.001']],
    ]);
    expect(lines[9]).toMatch(/^bn1 +0 +0 +0 +0 +\d\S* % +\d\S* %$/);
    expect(lines.at(-1)).toBe(
      'All 7 tensors in both models are equal to the bit in float32. The networks or their settings differ.',
    );
  });

  it('compares by names where no architecture is known', async () => {
    await terminal.run('import', 'net.safetensors', '--out', 'bare');
    const ended = await terminal.run('diff', 'bare.weights.safetensors', 'run1');
    expect(ended.stdout).toContain('note: Tensors are paired by name');
    expect(ended.stdout.trim().split('\n').at(-1)).toBe(
      'All 7 tensors in both models are equal to the bit in float32.',
    );
  });

  it('compares the network of a project without weights, and the best epoch of a run', async () => {
    const ended = await terminal.run('diff', 'run1', 'tiny1.normlab.json');
    expect([ended.status, ended.stdout.trim().split('\n').at(-1)]).toEqual([
      0,
      'Only the networks are compared, since B has no weights. The networks are the same.',
    ]);
    const best = await terminal.run('diff', 'run1', 'run1', '--checkpoint-b', 'best');
    // The only epoch is the best one.
    expect(best.stdout).toContain('All 7 tensors in both models are equal');
    const wrong = await terminal.run('diff', 'run1', 'run1', '--checkpoint-a', 'first');
    expect(wrong.status).toBe(2);
  });

  it('refuses what is no model with 2, in one line', async () => {
    await writeFile(terminal.at('notes.bin'), 'dear diary');
    for (const given of ['notes.bin', 'gone.pth', 'images']) {
      const ended = await terminal.run('diff', 'run1', given);
      expect([ended.status, refusalOf(ended)]).toEqual([2, expect.stringContaining(given)]);
    }
  });
});
