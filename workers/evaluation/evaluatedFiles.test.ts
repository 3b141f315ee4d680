import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleJudgement } from '#core/evaluation/testing/sampleJudgement.ts';
import { DigestTable } from '../data/images/digestTable.ts';
import { createProbe } from '../data/images/probeFile.ts';
import { openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { evaluatedFiles } from './evaluatedFiles.ts';

let playground: Playground;
beforeEach(async () => {
  playground = await openPlayground();
});
afterEach(() => playground.remove());

it('finds many images asked for at once, and none that changed, is gone, or lies elsewhere', async () => {
  const names = ['a', 'b', 'c'].flatMap((name) => Array.from({ length: 8 }, (_, k) => `${name}/${k}.png`));
  const probe = createProbe();
  const digests: Buffer[] = [];
  for (const name of names) {
    const found = await probe(path.join(playground.train, name), name);
    if (found.kind === 'image') digests.push(Buffer.from(found.digest));
  }
  const { record } = await sampleJudgement(6, 3);
  const pathOf = evaluatedFiles({
    record: { ...record, images: { ...record.images, folder: playground.train } },
    files: [...names, 'a/gone.png', '../validation/a/0.png'],
    digests: DigestTable.fromPacked(Buffer.concat([...digests, Buffer.alloc(40)])),
  });
  const found = await Promise.all(names.map((_, image) => pathOf(image)));
  expect(found).toEqual(names.map((name) => path.join(playground.train, name)));
  expect(await pathOf(names.length)).toBe(null);
  expect(await pathOf(names.length + 1)).toBe(null);
  await writeFile(path.join(playground.train, 'a/0.png'), 'another file');
  expect(await Promise.all([pathOf(0), pathOf(1)])).toEqual([null, path.join(playground.train, 'a/1.png')]);
});
