import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { confusionOfCells } from '#core/evaluation/confusion.ts';
import { computeFigures } from '#core/evaluation/figures.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { evaluateRun } from '../inference/evaluateRun.ts';
import { recalibrateRun } from '../inference/recalibrateRun.ts';
import { drawImages, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { trainRun } from '../training/trainRun.ts';
import { openEvaluationLogits, readEvaluation } from './evaluationFolder.ts';
import { listKeptEvaluations, openKeptEvaluation, type EvaluationPlace } from './keptEvaluations.ts';
import type { JudgeOptions } from './judgeOptions.ts';
import { judgeRun } from './judgeRun.ts';

let playground: Playground;
let run = '';
let trained: Awaited<ReturnType<typeof trainRun>>;
beforeAll(async () => {
  playground = await openPlayground();
  run = playground.at('run');
  trained = await train('run');
});
afterAll(() => playground.remove());

function train(name: string, validation: string | null = playground.validation): ReturnType<typeof trainRun> {
  return trainRun({
    document: tinyDocument({ epochs: 8, learningRate: 0.05 }),
    ...{ train: playground.train, validation, out: playground.at(name) },
    ...{ cacheFolder: playground.cache, backend: referenceBackend },
  });
}

const place = (): EvaluationPlace => ({ run, cacheFolder: playground.cache });

function judge(options: Partial<JudgeOptions> = {}): ReturnType<typeof judgeRun> {
  return judgeRun({
    ...{ run, images: { kind: 'own', part: 'validation' }, topK: [1, 2], keep: 'run' },
    ...{ backend: referenceBackend, cacheFolder: playground.cache },
    ...options,
  });
}

describe('judgeRun', () => {
  it('agrees with the validation of the training', async () => {
    const { record, figures, files } = await judge();
    expect(figures.images).toBe(9);
    expect(figures.accuracy?.value).toBe(trained.val?.accuracy);
    // The stored logits are float32.
    expect(record.loss).toEqual({ kind: 'crossEntropy', mean: expect.closeTo(trained.val?.loss ?? NaN, 6) });
    expect(figures.logLoss?.value).toBeCloseTo(record.loss.mean ?? NaN, 12);
    expect(files).toHaveLength(9);
    expect(record).toMatchObject({
      model: { run: 'run', checkpoint: 'last', weights: 'raw', statistics: 'moving-average', epoch: 8 },
      images: { source: 'validation', missing: [], extra: [], skipped: 0 },
    });
  });

  it('reads images from the cache file that are too many for the memory, unless there can be none', async () => {
    const inMemory = await judge({ keep: 'none' });
    const figures = { ...inMemory.figures };
    const streamed = await judge({ keep: 'none', memoryBudgetBytes: 0 });
    expect(streamed.figures).toEqual(figures);
    await writeFile(playground.at('no folder'), '');
    const cacheFolder = path.join(playground.at('no folder'), 'cache');
    const uncached = await judge({ keep: 'none', memoryBudgetBytes: 0, cacheFolder });
    expect(uncached.figures).toEqual(figures);
  });

  it('keeps logits from which all its figures follow', async () => {
    const { folder, figures, record, confusion, files } = await judge();
    const kept = folder ?? '';
    expect(path.dirname(kept)).toBe(path.join(run, 'evaluations'));
    expect(await readEvaluation(kept)).toEqual(record);
    const rows = await openEvaluationLogits(kept, record);
    const again = await computeFigures(rows, {
      ...{ classNames: record.classNames, topK: [1, 2], tick: () => undefined },
    });
    await rows.close();
    expect(rows.files).toEqual(files);
    expect(rows.digests.length).toBe(9);
    expect(again.figures).toEqual(figures);
    expect(confusionOfCells(record.confusion, 3)).toEqual(confusion);
  });

  it('opens a kept evaluation by its id', async () => {
    const { record, files, scores } = await judge();
    const opened = await openKeptEvaluation(place(), record.id);
    await opened.rows.close();
    expect(opened.record).toEqual(record);
    expect(opened.rows.files).toEqual(files);
    expect(opened.rows.labels).toEqual(scores.labels);
    await expect(openKeptEvaluation(place(), '0'.repeat(16))).rejects.toMatchObject({
      code: 'run-not-found',
    });
  });

  it('replaces the same evaluation, and keeps another one beside it', async () => {
    const [first, again, other] = [
      await judge(),
      await judge(),
      await judge({ images: { kind: 'own', part: 'train' } }),
    ];
    expect(again.folder).toBe(first.folder);
    expect(other.folder).not.toBe(first.folder);
    expect(other.figures.images).toBe(24);
    const ids = (await listKeptEvaluations(place())).map(({ record }) => record.id);
    expect(ids).toContain(first.record.id);
    expect(ids).toContain(other.record.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('changes no other file of the run, and none at all where nothing is to be kept', async () => {
    const files = async (): Promise<string[]> => (await readdir(run, { recursive: true })).sort();
    const checkpoint = await readFile(path.join(run, 'checkpoint.safetensors'));
    await rm(path.join(run, 'evaluations'), { recursive: true, force: true });
    const before = await files();
    expect((await judge({ keep: 'none' })).folder).toBeNull();
    expect(await files()).toEqual(before);
    await judge();
    expect(await readFile(path.join(run, 'checkpoint.safetensors'))).toEqual(checkpoint);
  });

  it('matches the classes of another folder by name, and says which are missing and which it left out', async () => {
    const folder = playground.at('site');
    await drawImages(folder, 4, 3, ['a', 'b', 'z']);
    const { figures, record } = await judge({ images: { kind: 'folder', folder } });
    expect(figures.images).toBe(8);
    expect(record.images).toMatchObject({
      source: 'folder',
      missing: ['c'],
      extra: [{ name: 'z', images: 4 }],
    });
    await drawImages(playground.at('strange'), 2, 3, ['x', 'z']);
    const strange = { kind: 'folder', folder: playground.at('strange') } as const;
    await expect(judge({ images: strange })).rejects.toMatchObject({ code: 'folder-classes-differ' });
  });

  it('takes a part of a folder by the split of the run', async () => {
    await train('split', null);
    const folder = playground.train;
    const split = { run: playground.at('split'), keep: 'none' } as const;
    const part = await judge({ ...split, images: { kind: 'folder', folder, part: 'validation' } });
    const own = await judge({ ...split, images: { kind: 'own', part: 'validation' } });
    expect(part.figures).toEqual(own.figures);
    expect(part.figures.images).toBeLessThan(24);
  });

  it('takes moving averages or exact statistics, wherever they come from', async () => {
    await train('exact');
    const exact = playground.at('exact');
    const moving = await judge({ run: exact });
    const measured = await judge({ run: exact, statistics: 'exact' });
    expect(measured.record.model.statistics).toBe('exact');
    expect(measured.record.loss.mean).not.toBe(moving.record.loss.mean);
    await recalibrateRun({
      ...{ run: exact, data: playground.train, backend: referenceBackend, cacheFolder: playground.cache },
    });
    const stored = await judge({ run: exact });
    expect(stored.record.model.statistics).toBe('exact');
    expect(stored.record.loss).toEqual(measured.record.loss);
    const former = await judge({ run: exact, statistics: 'moving' });
    expect(former.record.model.statistics).toBe('moving-average');
    expect(former.figures).toEqual(moving.figures);
  });

  it('gives the loss that evaluateRun gives', async () => {
    const common = { run, backend: referenceBackend, cacheFolder: playground.cache };
    const found = await evaluateRun({ ...common, data: playground.validation });
    const { record } = await judge({ images: { kind: 'folder', folder: playground.validation } });
    expect(record.loss.mean).toBeCloseTo(found.loss ?? NaN, 6);
  });

  it('leaves nothing where it is cancelled', async () => {
    await rm(path.join(run, 'evaluations'), { recursive: true, force: true });
    const abort = new AbortController();
    const work = judge({
      signal: abort.signal,
      onProgress: ({ key }) => {
        if (key === 'work.evaluating') abort.abort();
      },
    });
    await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    expect(await readdir(path.join(run, 'evaluations'))).toEqual([]);
  });

  it('reports damaged files, and leaves damaged evaluations out of the list', async () => {
    const { folder, record } = await judge();
    const broken = path.join(run, 'evaluations', 'broken');
    await mkdir(broken);
    await copyFile(path.join(folder ?? '', 'logits.safetensors'), path.join(broken, 'evaluation.json'));
    await expect(readEvaluation(broken)).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(openEvaluationLogits(broken, record)).rejects.toMatchObject({ code: 'run-invalid' });
    expect((await listKeptEvaluations(place())).map((kept) => path.basename(kept.folder))).not.toContain(
      'broken',
    );
  });
});
