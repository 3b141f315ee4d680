import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { openStream } from '#core/training/random.ts';
import { openKeptEvaluation } from '../evaluation/keptEvaluations.ts';
import { judgeRun } from '../evaluation/judgeRun.ts';
import type { JudgedImages } from '../evaluation/judgedImages.ts';
import { openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { readDecisions } from '../runs/metrics/decisionsWriter.ts';
import { trainRun } from '../training/trainRun.ts';
import { findDuplicates } from './findDuplicates.ts';
import { findForgottenImages } from './findForgottenImages.ts';
import { findSuspects, type RunEvaluation } from './findSuspects.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
});
afterAll(() => playground.remove());

async function train(
  name: string,
  folder: string,
  data: Partial<ReturnType<typeof tinyDocument>['data']> = {},
): Promise<string> {
  const document = tinyDocument({ epochs: 12, learningRate: 0.05, seed: name.length });
  const out = playground.at(name);
  await trainRun({
    document: { ...document, data: { ...document.data, ...data } },
    ...{ train: playground.at(folder), validation: null, out },
    ...{ cacheFolder: playground.cache, backend: referenceBackend },
  });
  return out;
}

async function evaluate(run: string, images: JudgedImages): Promise<RunEvaluation> {
  const { record } = await judgeRun({
    ...{ run, images, topK: [1], keep: 'run' },
    ...{ backend: referenceBackend, cacheFolder: playground.cache },
  });
  return { run, ...(await openKeptEvaluation({ run, cacheFolder: playground.cache }, record.id)) };
}

/** Noise with a bright row of the class; `files` by class. */
async function drawRows(folder: string, count: number, seed: number): Promise<void> {
  const random = openStream(seed, 'pictures');
  for (const [row, name] of ['a', 'b', 'c'].entries()) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (let index = 0; index < count; index += 1) {
      const pixels = Uint8Array.from(
        { length: 36 },
        (_, at) => random.below(120) + (Math.floor(at / 6) === row * 2 ? 120 : 0),
      );
      const image = sharp(pixels, { raw: { width: 6, height: 6, channels: 1 } });
      await image.png().toFile(path.join(folder, name, `${index}.png`));
    }
  }
}

describe('findSuspects', () => {
  it('finds planted wrong labels by the folds of a cross-validation', { timeout: 120_000 }, async () => {
    await drawRows(playground.at('noisy'), 24, 5);
    // Images of class a under the name of class b, and of c under a.
    const planted: string[] = [];
    for (const index of [3, 9, 17]) {
      for (const [from, to] of [
        ['a', 'b'],
        ['c', 'a'],
      ] as const) {
        const target = `${to}/from-${from}-${index}.png`;
        await copyFile(
          playground.at(path.join('noisy', from, `${index}.png`)),
          playground.at(path.join('noisy', target)),
        );
        await rm(playground.at(path.join('noisy', from, `${index}.png`)));
        planted.push(target);
      }
    }
    const evaluations: RunEvaluation[] = [];
    for (const fold of [1, 2, 3]) {
      const run = await train(`fold-${fold}`, 'noisy', { crossValidation: { fold, folds: 3 } });
      evaluations.push(await evaluate(run, { kind: 'own', part: 'validation' }));
    }
    const { rows, summary } = await findSuspects(evaluations);
    for (const { rows: logits } of evaluations) await logits.close();
    expect(summary).toEqual({ images: 72, source: 'folds', evaluations: 3, trained: 0 });
    const first = rows.slice(0, planted.length).map(({ file }) => file);
    expect(first.filter((file) => planted.includes(file)).length).toBeGreaterThanOrEqual(5);
    for (const row of rows.filter(({ file }) => planted.includes(file))) {
      expect(row.suggested).toBe(/from-(.)/.exec(row.file)?.[1]);
      expect(row.networks).toBe(1);
    }
    expect(rows.length).toBeLessThanOrEqual(planted.length + 6);
  });

  it(
    'averages networks on the same images, and says where one trained on them',
    { timeout: 120_000 },
    async () => {
      const runs = [await train('one', 'train'), await train('second', 'train')];
      const images = { kind: 'folder', folder: playground.train } as const;
      const evaluations = [await evaluate(runs[0] ?? '', images), await evaluate(runs[1] ?? '', images)];
      const { summary } = await findSuspects(evaluations);
      expect(summary).toMatchObject({ images: 24, source: 'average', evaluations: 2, trained: 24 });
      expect((await findSuspects(evaluations.slice(0, 1))).summary.source).toBe('single');
      const abort = new AbortController();
      abort.abort();
      await expect(findSuspects(evaluations, { signal: abort.signal })).rejects.toMatchObject({
        code: 'interrupted',
      });
      for (const { rows } of evaluations) await rows.close();
    },
  );
});

describe('findForgottenImages', () => {
  it('agrees with the validation accuracy of every epoch', { timeout: 120_000 }, async () => {
    const run = await train('history', 'train', { validationFraction: 0.4 });
    const history = await readDecisions(run);
    const lines = (await readFile(path.join(run, 'metrics.jsonl'), 'utf8')).split('\n');
    const accuracies = lines.flatMap((line) => {
      const found = /"valAccuracy":([\d.]+)/.exec(line) ?? /"val_accuracy":([\d.]+)/.exec(line);
      return found === null ? [] : [Number(found[1])];
    });
    expect(history?.epochs).toHaveLength(12);
    const right = history?.decided.map(
      (classes) => history.labels.filter((label, image) => classes[image] === label).length / history.count,
    );
    expect(right).toEqual(accuracies);
    const evaluation = await evaluate(run, { kind: 'own', part: 'validation' });
    const { rows, summary } = await findForgottenImages(evaluation);
    expect(summary.images).toBe(history?.count);
    for (const row of rows) {
      expect(row.right).toHaveLength(12);
      expect(row.events).toBe(row.right.split('10').length - 1);
      expect(row.file.startsWith(`${row.label}/`)).toBe(true);
    }
    await evaluation.rows.close();
    await rm(path.join(run, 'decisions.bin'));
    const again = await evaluate(run, { kind: 'own', part: 'validation' });
    await expect(findForgottenImages(again)).rejects.toMatchObject({ code: 'arguments' });
    await again.rows.close();
  });
});

/** A picture of random waves, as different from another as photographs are. */
function waves(seed: number, side: number): Buffer {
  const random = openStream(seed, 'pictures');
  const parts = Array.from({ length: 8 }, () => Array.from({ length: 6 }, () => random.below(1000) / 1000));
  return Buffer.from(
    Uint8Array.from({ length: side * side * 3 }, (_, at) => {
      const [cell, c] = [Math.floor(at / 3), at % 3];
      const [y, x] = [(Math.floor(cell / side) + 0.5) / side, ((cell % side) + 0.5) / side];
      const sum = parts.reduce(
        (total, [a = 0, b = 0, phase = 0, ...strength]) =>
          total + (strength[c] ?? 0) * Math.sin(6.28 * (4 * a * y + 4 * b * x + phase)),
        0,
      );
      return Math.max(0, Math.min(255, Math.round(128 + 35 * sum)));
    }),
  );
}

describe('findDuplicates', () => {
  it('finds planted copies and nothing else', { timeout: 120_000 }, async () => {
    const side = 64;
    const draw = async (folder: string, name: string, seed: number): Promise<void> => {
      await mkdir(playground.at(path.join(folder, path.dirname(name))), { recursive: true });
      const image = sharp(waves(seed, side), { raw: { width: side, height: side, channels: 3 } });
      await image.png().toFile(playground.at(path.join(folder, name)));
    };
    let seed = 1;
    for (const name of ['a', 'b', 'c'])
      for (let index = 0; index < 20; index += 1) await draw('shots', `${name}/${index}.png`, seed++);
    for (const name of ['a', 'b', 'c'])
      for (let index = 0; index < 10; index += 1) await draw('judged', `${name}/${index}.png`, seed++);
    const [from, to] = [
      (name: string) => playground.at(path.join('shots', name)),
      (name: string) => playground.at(path.join('judged', name)),
    ];
    await copyFile(from('a/0.png'), to('a/same-file.png'));
    await sharp(from('a/1.png')).png({ compressionLevel: 1, palette: false }).toFile(to('a/same-pixels.png'));
    await sharp(from('b/2.png')).jpeg({ quality: 60 }).toFile(to('b/resaved.jpg'));
    await sharp(from('b/3.png')).resize(40, 40).jpeg({ quality: 80 }).toFile(to('c/smaller-other-label.jpg'));
    await sharp(from('c/4.png')).flop().png().toFile(to('c/mirrored.png'));
    const document = tinyDocument({ epochs: 1 });
    const run = playground.at('copies');
    await trainRun({
      document: { ...document, data: { ...document.data, validationFraction: 0 } },
      ...{ train: playground.at('shots'), validation: null, out: run },
      ...{ cacheFolder: playground.cache, backend: referenceBackend },
    });
    const evaluation = await evaluate(run, { kind: 'folder', folder: playground.at('judged') });
    const options = { cacheFolder: playground.cache };
    const { rows, summary } = await findDuplicates(evaluation, options);
    const found = rows.map(({ file, likeness, other }) => `${file} ${likeness} ${other.part}/${other.file}`);
    expect(found.sort()).toEqual([
      'a/same-file.png exact train/a/0.png',
      'a/same-pixels.png pixels train/a/1.png',
      'b/resaved.jpg near train/b/2.png',
      'c/smaller-other-label.jpg near train/b/3.png',
    ]);
    expect(rows.filter(({ differs }) => differs).map(({ file }) => file)).toEqual([
      'c/smaller-other-label.jpg',
    ]);
    expect(summary).toEqual({ images: 35, others: 60, left: 0, leaks: 4, differing: 1 });

    await rm(to('a/5.png'));
    await draw('judged', 'a/6.png', 999);
    expect((await findDuplicates(evaluation, options)).summary).toMatchObject({ images: 33, left: 2 });
    const own = await evaluate(run, { kind: 'own', part: 'train' });
    expect((await findDuplicates(own, options)).rows).toEqual([]);
    const abort = new AbortController();
    const work = findDuplicates(own, { ...options, signal: abort.signal, onProgress: () => abort.abort() });
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    await evaluation.rows.close();
    await own.rows.close();
    expect((await readdir(run)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
