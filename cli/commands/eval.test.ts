import { existsSync } from 'node:fs';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '#workers/runs/testing/imageFolder.ts';
import { lastJson, openTerminal, type Ended, type Terminal } from '../testing/runNormlab.ts';

let terminal: Terminal;
beforeAll(async () => {
  terminal = await openTerminal();
  await drawImages(terminal.at('train'), 8, 1);
  await drawImages(terminal.at('val'), 3, 2);
  await terminal.project('tiny', tinyDocument({ epochs: 6 }));
  const args = ['--data', 'train', '--val', 'val', '--threads', '1', '--precision', 'f32', '--out', 'run'];
  const ended = await terminal.run('train', 'tiny.normlab.json', ...args);
  expect(ended.status, ended.stderr).toBe(0);
});
afterAll(() => terminal.remove());

function expectDone(ended: Ended): void {
  expect(ended.status, ended.stderr).toBe(0);
}

/** The parts of the JSON output that are looked at here. */
interface Found {
  readonly loss: number;
  readonly accuracy: number;
  readonly confusion: readonly (readonly number[])[];
  readonly perClass: readonly { class: string; count: number; correct: number }[];
}

describe('normlab eval', () => {
  it('counts every image once in the confusion, by its true class', async () => {
    const ended = await terminal.run('eval', 'run', '--data', 'val', '--json');
    expectDone(ended);
    const found = lastJson(ended) as Found;
    expect(found.confusion.map((row) => row.reduce((sum, cell) => sum + cell, 0))).toEqual([3, 3, 3]);
    const correct = found.confusion.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
    expect(found.accuracy).toBeCloseTo(correct / 9, 12);
    expect(found.perClass.map((row) => [row.class, row.count])).toEqual([
      ['a', 3],
      ['b', 3],
      ['c', 3],
    ]);
    for (const [index, row] of found.perClass.entries())
      expect(row.correct).toBe(found.confusion[index]?.[index]);
    expect(found.loss).toBeGreaterThanOrEqual(0);
    // Equal to what the run reported for the same folder.
    const result = JSON.parse(await readFile(terminal.at('run', 'result.json'), 'utf8')) as {
      val: { accuracy: number; loss: number };
    };
    expect(found.accuracy).toBeCloseTo(result.val.accuracy, 12);
    expect(found.loss).toBeCloseTo(result.val.loss, 4);
  });

  it('is a table for people', async () => {
    const ended = await terminal.run('eval', 'run', '--data', 'val');
    expectDone(ended);
    expect(ended.stdout).toMatch(/^loss [\d.]+, accuracy [\d.]+ on 9 images/);
    expect(ended.stdout).toMatch(/^class +images +correct +precision +recall +F1 +interval of F1$/m);
    expect(ended.stdout).toMatch(/^accuracy +[\d.]+ +[\d.]+ … [\d.]+ +Wilson$/m);
    for (const line of ended.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('takes the validation images of the run without a folder, and keeps what it found', async () => {
    const ended = await terminal.run('eval', 'run', '--json', '--top-k', '1,2');
    expectDone(ended);
    const found = lastJson(ended) as { images: number; folder: string; topK: { k: number }[] };
    expect(found.images).toBe(9);
    expect(found.topK.map(({ k }) => k)).toEqual([1, 2]);
    expect(existsSync(path.join(found.folder, 'logits.safetensors'))).toBe(true);
    const bare = await terminal.run('eval', 'run', '--json', '--no-keep', '--part', 'train');
    expectDone(bare);
    expect(lastJson(bare)).toMatchObject({ folder: null, images: 24, data: { source: 'train' } });
  });

  it('measures exact statistics on demand', async () => {
    const ended = await terminal.run('eval', 'run', '--json', '--exact', '--no-keep');
    expectDone(ended);
    expect(lastJson(ended)).toMatchObject({ statistics: 'exact', data: { source: 'validation' } });
  });

  it('writes every table, and overwrites only its own, and only when asked', async () => {
    const args = ['eval', 'run', '--no-keep', '--csv', 'tables'];
    expectDone(await terminal.run(...args));
    const classes = await readFile(terminal.at('tables', 'classes.csv'), 'utf8');
    expect(
      classes
        .split('\r\n')
        .slice(1, 4)
        .map((line) => line.split(',')[0]),
    ).toEqual(['a', 'b', 'c']);
    expect((await terminal.run(...args)).status).toBe(2);
    expectDone(await terminal.run(...args, '--force'));
    await writeFile(terminal.at('tables', 'notes.txt'), 'mine');
    expect((await terminal.run(...args, '--force')).status).toBe(2);
    expect(await readFile(terminal.at('tables', 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('writes a report with the images in it, in the language that is asked for', async () => {
    const args = ['eval', 'run', '--no-keep', '--report', 'report.html', '--report-language', 'zh-CN'];
    expectDone(await terminal.run(...args));
    const html = await readFile(terminal.at('report.html'), 'utf8');
    expect(html).toContain('run 的评估');
    expect(html.match(/<img src="data:image\/jpeg;base64,/g)?.length).toBeGreaterThanOrEqual(9);
    expect((await terminal.run(...args)).status).toBe(2);
  });

  it('replaces a report when asked, and nothing else', async () => {
    const args = ['eval', 'run', '--no-keep', '--report', 'again.html', '--force'];
    expectDone(await terminal.run(...args));
    const first = await readFile(terminal.at('again.html'), 'utf8');
    expectDone(await terminal.run(...args, '--report-language', 'zh-CN'));
    expect(await readFile(terminal.at('again.html'), 'utf8')).not.toBe(first);
    const letter = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Dear</title>';
    await writeFile(terminal.at('letter.html'), letter);
    await symlink(terminal.at('again.html'), terminal.at('link.html'));
    for (const [name, why] of [
      ['letter.html', /letter\.html/],
      ['link.html', /link\.html/],
    ] as const) {
      const refused = await terminal.run('eval', 'run', '--no-keep', '--report', name, '--force');
      expect(refused.status).toBe(2);
      expect(refused.stderr).toMatch(why);
      // Before the evaluation.
      expect(refused.stderr).not.toMatch(/Evaluating/);
    }
    expect(await readFile(terminal.at('letter.html'), 'utf8')).toBe(letter);
  });
});
