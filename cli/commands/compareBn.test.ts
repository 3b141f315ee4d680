import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparisonSchema } from '#core/contract/policyComparison.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { lastJson, openTerminal, type Ended, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('set', 'train'), 8, 1);
  await drawImages(terminal.at('set', 'val'), 3, 2);
  await drawImages(terminal.at('set', 'test'), 4, 3);
  await terminal.project('tiny', tinyDocument());
  const ended = await terminal.run('train', 'tiny.normlab.json', '--data', 'set', '--out', 'trained');
  expect(ended.status, ended.stderr).toBe(0);
});
afterAll(() => terminal.remove());

function compare(out: string, ...more: string[]): Promise<Ended> {
  return terminal.run('compare-bn', ...settings(out, ...more));
}

function settings(out: string, ...more: string[]): string[] {
  const data = ['--data', 'set', '--threads', '1', '--precision', 'f32', '--epochs', '2'];
  return ['--from', 'trained', ...data, '--out', out, ...more];
}

describe('normlab compare-bn', () => {
  it('prints a table with the weights as they came, the test part and what it means', async () => {
    const ended = await compare('all');
    expect(ended.status, ended.stderr).toBe(0);
    const lines = ended.stdout.split('\n');
    expect(lines[0]).toMatch(/^policy +best val +epoch +correct +95 % interval +last loss +test +statistics/);
    expect(lines.slice(1, 7).map((line) => line.split(/ {2,}/)[0])).toEqual([
      'as it came',
      'frozen',
      'adapt',
      'affine',
      'all',
      'recalibrated',
    ]);
    expect(lines[2]).toMatch(/\d of 9 .* of 12 .*0\.00 \(bn1\)/);
    expect(ended.stdout).toMatch(/No difference beyond chance|Beyond chance/);
    expect(ended.stderr).toContain('policy recalibrated (5 of 5)');
    expect(ended.stderr).toContain('without training');
    const file: unknown = JSON.parse(await readFile(terminal.at('all', 'comparison.json'), 'utf8'));
    expect(comparisonSchema.parse(file).rows).toHaveLength(6);
  });

  it('makes ordinary runs: each is evaluated and exported like any other', async () => {
    const evaluated = await terminal.run('eval', 'all/recalibrated', '--data', 'set', '--json');
    expect(evaluated.status, evaluated.stderr).toBe(0);
    const exported = await terminal.run(
      ...['export', 'all/recalibrated', '--format', 'onnx', '--out', 'model.onnx'],
    );
    expect(exported.status, exported.stderr).toBe(0);
  });

  it('does only what is missing, and refuses other settings', async () => {
    const first = await compare('some', '--policies', 'frozen', '--json');
    expect(lastJson(first)).toMatchObject({ policies: ['frozen'], failures: [] });
    const more = await compare('some', '--policies', 'all', '--json');
    expect(lastJson(more)).toMatchObject({ policies: ['frozen', 'all'] });
    expect(more.stderr).not.toContain('policy frozen');
    const other = await compare('some', '--lr', '0.5');
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('training.learningRate')]);
  });

  it('stopped by Ctrl+C keeps what is done and continues', async () => {
    // Longer than a signal takes to arrive on any machine.
    const long = settings('stopped', '--epochs', '100000', '--policies', 'frozen,all');
    for (const said of ['epoch 3 of 100000', 'resumed at step']) {
      const started = terminal.start('compare-bn', ...long);
      await started.says('policy frozen (1 of 2)');
      await started.says(said);
      started.child.kill('SIGINT');
      const ended = await started.ended;
      expect(ended.status, ended.stderr).toBe(130);
    }
  });

  it('refuses what makes no comparison', async () => {
    const unknown = await compare('x', '--policies', 'frozen,warm');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('warm is no BatchNorm policy');
    const untrained = await terminal.run(
      ...['compare-bn', 'tiny.normlab.json', '--data', 'set', '--out', 'y'],
    );
    expect([untrained.status, untrained.stderr]).toEqual([2, expect.stringContaining('--from')]);
  });

  it('train takes the fifth policy too', async () => {
    const from = ['train', '--from', 'trained', '--data', 'set', '--epochs', '1', '--bn', 'recalibrated'];
    const ended = await terminal.run(...from, '--out', 'recalibrated');
    expect(ended.status, ended.stderr).toBe(0);
    const manifest = JSON.parse(await readFile(terminal.at('recalibrated', 'run.json'), 'utf8')) as {
      project: string;
    };
    expect(manifest.project).toContain('"startStatistics": "measured"');
  });
});
