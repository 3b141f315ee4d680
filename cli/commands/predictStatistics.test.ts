import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { openTerminal, type Ended, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 8, 1);
  await drawImages(terminal.at('new'), 2, 2);
  await terminal.project('tiny', tinyDocument({ epochs: 2 }));
  const args = ['--data', 'train', '--threads', '1', '--precision', 'f32', '--out', 'run'];
  const ended = await terminal.run('train', 'tiny.normlab.json', ...args);
  expect(ended.status, ended.stderr).toBe(0);
});
afterAll(() => terminal.remove());

interface Tried {
  readonly file: string;
  readonly class: string;
  readonly classes: string[];
  readonly stored: { readonly logits: number[]; readonly probabilities: number[] };
  readonly kind: { readonly companions: number; readonly logits: number[] };
  readonly random: { readonly companions: number; readonly answers: { readonly logits: number[] }[] };
  readonly spread: {
    readonly class: string;
    readonly random: { readonly min: number; readonly max: number };
  }[];
}

function done({ status, stdout, stderr }: Ended): string {
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

describe('predict --statistics', () => {
  it('prints each picture alone and in batches', async () => {
    const asked = ['predict', 'run', 'new', '--statistics', 'batch', '--companions', '6', '--batches', '3'];
    const tried = JSON.parse(done(await terminal.run(...asked, '--json'))) as Tried[];
    expect(tried).toHaveLength(6);
    const plain = JSON.parse(done(await terminal.run('predict', 'run', 'new', '--json'))) as {
      logits: number[];
    }[];
    for (const [at, { classes, stored, kind, random, spread }] of tried.entries()) {
      expect(classes).toEqual(['a', 'b', 'c']);
      expect(stored.logits).toEqual(plain[at]?.logits);
      expect([kind.companions, random.companions, random.answers.length]).toEqual([6, 6, 3]);
      expect(spread).toHaveLength(3);
      for (const { random: range } of spread) expect(range.max).toBeGreaterThan(range.min);
    }
    const text = done(await terminal.run(...asked, '--top-k', '2'));
    expect(text).toContain('3 batches with 6 images');
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('takes exact statistics, which it does not store', async () => {
    const checkpoint = await readFile(terminal.at('run', 'checkpoint.safetensors'));
    const exact = done(await terminal.run('predict', 'run', 'new', '--exact', '--json'));
    const moving = done(await terminal.run('predict', 'run', 'new', '--statistics', 'moving', '--json'));
    expect(moving).not.toBe(exact);
    expect(await readFile(terminal.at('run', 'checkpoint.safetensors'))).toEqual(checkpoint);
  });

  it.each([
    ['--statistics batch', '--csv'],
    ['--statistics moving', '--exact'],
  ])('refuses %s with %s', async (...asked) => {
    const words = asked.flatMap((each) => each.split(' '));
    expect((await terminal.run('predict', 'run', 'new', ...words)).status).toBe(2);
  });
});
