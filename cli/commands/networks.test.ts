import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { lastJson, openTerminal, type Terminal } from '../testing/runNormlab.ts';

const SHARED = path.join(
  process.env.NORMLAB_SHARED ?? fileURLToPath(new URL('../../shared', import.meta.url)),
  'data',
);

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await terminal.project('tiny', tinyDocument());
});
afterAll(() => terminal.remove());

describe('normlab templates', () => {
  it('lists at least the four of the contract', async () => {
    const ended = await terminal.run('templates', '--json');
    expect(ended.status).toBe(0);
    const { templates } = lastJson(ended) as { templates: { name: string }[] };
    const names = templates.map(({ name }) => name);
    for (const name of ['mnist-cnn-bn', 'bn-mlp', 'vgg-bn', 'resnet20']) expect(names).toContain(name);
    expect((await terminal.run('templates')).stdout).toContain('resnet20');
  });
});

describe('normlab check', () => {
  it('--json gives shapes, parameters, cost and memory of a project', async () => {
    const ended = await terminal.run('check', 'tiny.normlab.json', '--json');
    expect(ended.status, ended.stderr).toBe(0);
    expect(lastJson(ended)).toEqual({
      ok: true,
      diagnostics: expect.any(Array),
      blocks: expect.arrayContaining([
        { id: 'input', kind: 'input', shape: [1, 6, 6], parameters: 0 },
        { id: 'conv1', kind: 'conv2d', shape: [4, 6, 6], parameters: 36 },
        { id: 'bn1', kind: 'batchNorm', shape: [4, 6, 6], parameters: 8 },
        { id: 'dense1', kind: 'dense', shape: [3], parameters: 435 },
      ]),
      inputShape: [1, 6, 6],
      classes: 3,
      parameters: 36 + 8 + 435,
      flopsPerImage: expect.any(Number),
      memory: {
        batch: 5,
        activationBytes: expect.any(Number),
        stateBytes: expect.any(Number),
        gradientBytes: expect.any(Number),
        totalBytes: expect.any(Number),
      },
    });
  });

  it('takes another size, and prints a table and the program', async () => {
    const sized = await terminal.run('check', '--template', 'bn-mlp', '--size', '8x8x1', '--json');
    expect(lastJson(sized)).toMatchObject({ ok: true, inputShape: [1, 8, 8] });
    const printed = await terminal.run('check', 'tiny.normlab.json', '--program');
    expect(printed.stdout).toMatch(/^conv1 +conv2d +4 × 6 × 6 +36 /m);
    expect(printed.stdout).toContain('479 parameters');
    expect(printed.stdout).toMatch(/lossBackward[^]*update by sgd/);
  });
});

describe('normlab bench', () => {
  it('--json gives the time of a step, held against the ceilings of this machine', async () => {
    const ended = await terminal.run(
      'bench',
      'tiny.normlab.json',
      '--steps',
      '2',
      '--threads',
      '1',
      '--json',
    );
    expect(ended.status, ended.stderr).toBe(0);
    const result = lastJson(ended) as Record<string, number>;
    for (const name of ['msPerStep', 'imagesPerSecond', 'peakRssMb', 'gflopPerStep', 'efficiency'])
      expect(result[name], name).toBeGreaterThan(0);
    expect(result.efficiency).toBeLessThan(1.5);
    expect(result.imagesPerSecond).toBeCloseTo(5 / ((result.msPerStep ?? 0) / 1000), 3);
  });
});

interface Expected {
  classes: string[];
  entries: { path: string; expect: string }[];
  samples_at_least: Record<string, number>;
  samples_at_most: Record<string, number>;
}

describe('normlab inspect', () => {
  const hasSet = existsSync(path.join(SHARED, 'hostile-images.tar'));
  it.skipIf(!hasSet)('finds its way through the hostile images (skipped where they are absent)', async () => {
    execFileSync('tar', ['xf', path.join(SHARED, 'hostile-images.tar'), '-C', terminal.root]);
    const ended = await terminal.run('inspect', 'hostile-images', '--json');
    expect(ended.status, ended.stderr).toBe(0);
    const found = lastJson(ended) as {
      classes: { name: string; count: number }[];
      images: number;
      skipped: { file: string; reason: string }[];
      warnings: string[];
    };
    const text = await readFile(path.join(SHARED, 'hostile-images.expected.json'), 'utf8');
    const expected = JSON.parse(text) as Expected;
    const wanting = (what: string): string[] =>
      expected.entries
        .filter((entry) => entry.expect === what)
        .map((entry) => entry.path.replace('hostile-images/', ''));
    expect(found.classes.map(({ name }) => name)).toEqual(expected.classes);
    for (const { name, count } of found.classes) {
      expect(count, name).toBeGreaterThanOrEqual(expected.samples_at_least[name] ?? 0);
      expect(count, name).toBeLessThanOrEqual(expected.samples_at_most[name] ?? 0);
    }
    const skipped = found.skipped.map(({ file }) => file);
    expect(new Set(skipped).size).toBe(skipped.length);
    // The scan finds all damage but bytes flipped inside an image; decoding finds those.
    const late = ['stripes/bad_corrupt_idat.png'];
    expect(skipped).toEqual(expect.arrayContaining(wanting('skip').filter((file) => !late.includes(file))));
    for (const file of [...wanting('use'), ...wanting('use-with-warning')])
      expect(skipped).not.toContain(file);
    for (const { file, reason } of found.skipped) expect(reason.length, file).toBeGreaterThan(5);
    expect(found.warnings.length).toBeGreaterThan(0);
  });

  it('says what is wrong with a folder that is none', async () => {
    const ended = await terminal.run('inspect', 'nowhere', '--json');
    expect([ended.status, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(/^normlab: There is no folder “[^”]*nowhere”; .+\n$/);
  });
});
