import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { differingImages } from '#core/evaluation/pairLists.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { trainRun } from '../training/trainRun.ts';
import { evaluatePair } from './evaluatePair.ts';
import { openPair } from './openPair.ts';
import { startPair } from './pairClient.ts';
import type { PairRequest } from './pairRequest.ts';
import { writePairReport, writePairTables } from './writePair.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
  for (const [name, seed] of [
    ['one', 1],
    ['other', 2],
  ] as const)
    await trainRun({
      document: tinyDocument({ epochs: 3, learningRate: 0.05, seed }),
      ...{ train: playground.train, validation: playground.validation, out: playground.at(name) },
      ...{ cacheFolder: playground.cache, backend: referenceBackend },
    });
});
afterAll(() => playground.remove());

function request(first: Partial<PairRequest['first']>, second: Partial<PairRequest['first']>): PairRequest {
  return {
    first: { run: playground.at('one'), ...first },
    second: { run: playground.at('one'), ...second },
    ...{ images: { kind: 'own', part: 'validation' }, topK: [1, 5], cacheFolder: playground.cache },
  };
}
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };
const evaluations = (name: string): Promise<string[]> =>
  readdir(path.join(playground.at(name), 'evaluations'));

describe('evaluatePair', () => {
  it('evaluates two runs, and finds what is kept the second time', async () => {
    const asked = request({}, { run: playground.at('other') });
    const found = await evaluatePair(asked, quiet);
    const labels: string[] = [];
    const onProgress = ({ key }: { readonly key: string }): void => void labels.push(key);
    expect(await evaluatePair(asked, { ...quiet, onProgress })).toEqual(found);
    expect(await evaluations('one')).toEqual([found.first.id]);
    const pair = await openPair(found, { cacheFolder: playground.cache });
    expect(pair.figures.images).toBe(9);
    expect(pair.record.first.model.run).toBe('one');
    expect(pair.record.second.model.run).toBe('other');
    const { both, onlyFirst, onlySecond, neither } = pair.figures.right;
    expect(both + onlyFirst + onlySecond + neither).toBe(9);
    expect(differingImages(pair.scores, 'onlyFirst')).toHaveLength(onlyFirst);
  });

  it('compares a network with itself folded: the same function', async () => {
    const found = await evaluatePair(request({}, { fold: true }), quiet);
    const { record } = await openPair(found, { cacheFolder: playground.cache });
    expect(record.first.model.folded).toBeUndefined();
    expect(record.second.model.folded).toBe(true);
    expect(record.figures.agreement?.value).toBe(1);
    expect(record.figures.probabilityGap?.largest).toBeLessThan(1e-4);
  });

  it('compares moving averages with exact statistics', async () => {
    const asked = request({ statistics: 'moving' }, { statistics: 'exact' });
    const { record } = await openPair(await evaluatePair(asked, quiet), { cacheFolder: playground.cache });
    expect(record.first.model.statistics).toBe('moving-average');
    expect(record.second.model.statistics).toBe('exact');
    expect(record.figures.probabilityGap?.largest).toBeGreaterThan(0);
  });

  it('refuses the same network twice', async () => {
    await expect(evaluatePair(request({}, { precision: 'f32' }), quiet)).rejects.toMatchObject({
      code: 'arguments',
    });
  });

  it('is cancelled in its thread', async () => {
    const handle = startPair(request({}, { run: playground.at('other') }), () => undefined);
    handle.cancel();
    await expect(handle.done).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('writes a report and tables, and replaces nothing unasked', async () => {
    const found = await evaluatePair(request({}, { run: playground.at('other') }), quiet);
    const pair = await openPair(found, { cacheFolder: playground.cache });
    const [file, folder] = [playground.at('pair.html'), playground.at('tables')];
    await writePairReport(file, pair, { language: 'en', overwrite: false });
    await writePairTables(folder, pair, { overwrite: false });
    expect((await readdir(folder)).sort()).toEqual(
      ['agreement.csv', 'classes.csv', 'differing.csv', 'pair.csv', 'pair.json'].sort(),
    );
    await expect(writePairTables(folder, pair, { overwrite: false })).rejects.toMatchObject({
      code: 'output-exists',
    });
    await writePairTables(folder, pair, { overwrite: true });
  });
});
