import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { lastJson, openTerminal, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('images'), 8, 1);
  await terminal.project('tiny', tinyDocument({ epochs: 4 }));
  const args = ['--data', 'images', '--threads', '1', '--precision', 'f32', '--folds', '2', '--out', 'cv'];
  const ended = await terminal.run('train', 'tiny.normlab.json', ...args);
  expect(ended.status, ended.stderr).toBe(0);
}, 240_000);
afterAll(() => terminal.remove());

interface Found {
  readonly suspects: { summary: unknown; rows: { file: string }[] } | null;
  readonly duplicates: { summary: { images: number; others: number } } | null;
  readonly forgotten: { summary: { images: number; epochs: number[] }; rows: { right: string }[] } | null;
}

describe('normlab eval, doubts', () => {
  it('judges the labels by all folds of a cross-validation, and writes every table', async () => {
    const asked = ['--suspects', '--with', 'cv', '--duplicates', '--forgotten'];
    const ended = await terminal.run('eval', 'cv/fold-1', '--json', '--csv', 'tables', ...asked);
    expect(ended.status, ended.stderr).toBe(0);
    const { suspects, duplicates, forgotten } = lastJson(ended) as Found;
    expect(suspects?.summary).toEqual({ images: 24, source: 'folds', evaluations: 2, trained: 0 });
    expect(duplicates?.summary).toMatchObject({ images: 12, others: 12 });
    expect(forgotten?.summary).toMatchObject({ images: 12, epochs: [1, 2, 3, 4] });
    const rowsIn = async (name: string): Promise<string[]> =>
      (await readFile(terminal.at('tables', name), 'utf8')).trimEnd().split('\r\n').slice(1);
    expect((await rowsIn('suspects.csv')).map((row) => row.split(',')[0])).toEqual(
      suspects?.rows.map(({ file }) => file),
    );
    expect((await rowsIn('forgotten.csv')).map((row) => row.split(',').slice(5).join(''))).toEqual(
      forgotten?.rows.map(({ right }) => right),
    );
    expect(await rowsIn('duplicates.csv')).toHaveLength(0);
  });

  it('is text for people and a part of the report', async () => {
    const asked = ['--suspects', '--duplicates', '--forgotten', '--report', 'report.html'];
    const ended = await terminal.run('eval', 'cv/fold-2', ...asked);
    expect(ended.status, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/of 12 labels are doubtful, by one network/);
    expect(ended.stdout).toMatch(/of 12 images have a copy among 12 images/);
    expect(ended.stdout).toMatch(/Of 12 validation images, over 4 epochs/);
    for (const line of ended.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const report = await readFile(terminal.at('report.html'), 'utf8');
    for (const title of ['Likely mislabelled', 'Copies of images of the run', 'Forgotten'])
      expect(report).toContain(`<h2>${title}</h2>`);
  });

  it('says what is missing', async () => {
    const own = await terminal.run('eval', 'cv/fold-1', '--part', 'train', '--forgotten');
    expect(own.status).not.toBe(0);
    expect(own.stderr).toMatch(/None of these images was a validation image of run fold-1/);
    const bare = await terminal.run('eval', 'cv/fold-1', '--no-keep', '--suspects');
    expect(bare.status).not.toBe(0);
    expect(bare.stderr).toMatch(/could not be kept/);
  });
});
