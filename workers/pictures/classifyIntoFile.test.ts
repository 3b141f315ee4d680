import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { trainRun } from '../training/trainRun.ts';
import { classifyIntoFile, type Classified } from './classifyIntoFile.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
  await trainRun({
    ...{ document: tinyDocument({ epochs: 1 }), train: playground.train, validation: null },
    ...{ out: playground.at('run'), cacheFolder: playground.cache, backend: referenceBackend },
  });
  await drawImages(playground.at('many'), 100, 3);
});
afterAll(() => playground.remove());

function classify(
  file: string,
  more: Partial<Parameters<typeof classifyIntoFile>[0]> = {},
): Promise<Classified> {
  return classifyIntoFile({
    ...{ run: playground.at('run'), paths: [playground.at('many')], backend: referenceBackend },
    ...{ file: playground.at(file), overwrite: false, cacheFolder: playground.cache, top: 2 },
    ...more,
  });
}

const linesOf = async (file: string): Promise<string[]> =>
  (await readFile(playground.at(file), 'utf8')).split('\r\n').slice(0, -1);

describe('classifyIntoFile', () => {
  it('writes a line for each image in order, and replaces only its own file', async () => {
    await writeFile(playground.at('many/a/=1+1.png'), 'no image');
    const { failures, ...counts } = await classify('own.csv');
    expect(counts).toEqual({ classified: 300, failed: 1 });
    expect(failures).toMatchObject([{ key: 'images.unusable' }]);
    const [header, ...rows] = await linesOf('own.csv');
    expect(header).toBe('file,class,probability,class_2,probability_2,error');
    expect(rows).toHaveLength(301);
    await expect(classify('own.csv')).rejects.toMatchObject({ code: 'output-exists' });
    await classify('own.csv', { overwrite: true });
    expect(await linesOf('own.csv')).toEqual([header, ...rows]);
    await writeFile(playground.at('mine.csv'), 'a,b\n');
    await expect(classify('mine.csv', { overwrite: true })).rejects.toMatchObject({ code: 'output-foreign' });
    expect(await readFile(playground.at('mine.csv'), 'utf8')).toBe('a,b\n');
  });

  it('keeps what it has written when it is cancelled', async () => {
    const abort = new AbortController();
    const onProgress = (): void => abort.abort();
    await expect(classify('half.csv', { signal: abort.signal, onProgress })).rejects.toMatchObject({
      code: 'interrupted',
    });
    const { length } = await linesOf('half.csv');
    expect(length).toBeGreaterThan(1);
    expect(length).toBeLessThan(301);
  });
});
