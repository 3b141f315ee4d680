import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAB_API } from '#core/contract/labApi.ts';
import { removeWire, tinyFlatNormDocument } from '../host/testing/brokenProjects.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import type { Message } from '#core/words/message.ts';
import { drawImages, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { planRun, type PlanRequest } from './planRun.ts';

let ground: Playground;
beforeAll(async () => {
  ground = await openPlayground();
  await drawImages(ground.at('one-class'), 4, 1, ['only']);
  await drawImages(ground.at('two-classes'), 4, 1, ['a', 'b']);
  await mkdir(ground.at('empty'));
});
afterAll(() => ground.remove());

function said(problem: { message: Message } | undefined): string {
  return problem ? inEnglish(problem.message) : '';
}

function plan(document: GraphDocument, more: Partial<PlanRequest> = {}) {
  return planRun({
    document,
    train: ground.train,
    validation: ground.validation,
    cacheFolder: ground.cache,
    weightsFolder: ground.at('weights'),
    ...more,
  });
}

async function codesOf(document: GraphDocument, more: Partial<PlanRequest> = {}): Promise<string[]> {
  return (await plan(document, more)).problems.map(({ code }) => code);
}

describe('the plan of a run', () => {
  it('tells what Start is about to do', async () => {
    const found = await plan(tinyDocument({ batchSize: 5, precision: 'f32', threads: 1 }));
    expect(found).toMatchObject({
      trainImages: 24,
      validationImages: 9,
      classes: ['a', 'b', 'c'],
      stepsPerEpoch: 5,
      lastBatch: 4,
      threads: 1,
      problems: [],
    });
    expect(found.memoryBytes).toBeGreaterThan(24 * 36);
    expect(LAB_API['run.plan'].result.parse(found)).toEqual(found);
  });

  it('takes validation images from the training folder where no other is named', async () => {
    const document = tinyDocument();
    const data = { ...document.data, validationFraction: 0.25 };
    const found = await plan({ ...document, data }, { validation: null });
    expect(found.trainImages + found.validationImages).toBe(24);
    expect(found.validationImages).toBe(6);
  });

  it('writes nothing', async () => {
    const before = await readdir(ground.root);
    await plan(tinyDocument());
    expect(await readdir(ground.root)).toEqual(before);
  });
});

describe('problems of a plan', () => {
  it('name an empty folder, a missing folder and a folder of one class', async () => {
    expect(await codesOf(tinyDocument(), { train: ground.at('empty') })).toEqual(['folder-no-images']);
    expect(await codesOf(tinyDocument(), { train: ground.at('nothing') })).toEqual(['folder-not-found']);
    expect(await codesOf(tinyDocument(), { train: ground.at('one-class') })).toEqual(['folder-one-class']);
  });

  it('name a validation folder without the classes of the training folder', async () => {
    expect(await codesOf(tinyDocument(), { validation: ground.at('one-class') })).toEqual([
      'folder-classes-differ',
    ]);
  });

  it('name an Output that does not fit the classes', async () => {
    const { problems } = await plan(tinyDocument(), { train: ground.at('two-classes'), validation: null });
    expect(problems.map(({ code }) => code)).toEqual(['graph-invalid']);
    expect(said(problems[0])).toContain('2');
  });

  it('name a Dense BatchNorm that would see a batch of one', async () => {
    expect(await codesOf(tinyFlatNormDocument({ batchSize: 1 }))).toEqual(['batch-too-small']);
    // 24 images in batches of 23 leave one.
    expect(await codesOf(tinyFlatNormDocument({ batchSize: 23, remainder: 'keep' }))).toEqual([
      'batch-too-small',
    ]);
    expect(await codesOf(tinyFlatNormDocument({ batchSize: 23, remainder: 'drop' }))).toEqual([]);
    expect(await codesOf(tinyFlatNormDocument({ batchSize: 23, remainder: 'merge' }))).toEqual([]);
  });

  it('come all together, and the rest of the plan stands', async () => {
    const broken = removeWire(tinyDocument(), 'bn1.in');
    const { problems, stepsPerEpoch } = await plan(broken, { train: ground.at('one-class') });
    expect(problems.map(({ code }) => code)).toEqual(['graph-invalid', 'folder-one-class']);
    expect(problems.every(({ message }) => inEnglish(message).length > 20)).toBe(true);
    expect(stepsPerEpoch).toBe(0);
    const withData = await plan(broken);
    expect(withData).toMatchObject({ trainImages: 24, stepsPerEpoch: 5, memoryBytes: 0 });
  });

  it('keep a path in the words of the user', async () => {
    const { problems } = await plan(tinyDocument(), { train: path.join(ground.root, 'no such') });
    expect(said(problems[0])).toContain('no such');
  });
});

describe('statistics measured at the start', () => {
  const factsOf = async (settings: Parameters<typeof tinyDocument>[0]): Promise<string> =>
    ((await plan(tinyDocument(settings))).facts ?? []).map((fact) => inEnglish(fact)).join(' ');

  it('are announced', async () => {
    expect(await factsOf({ startStatistics: 'measured' })).toContain(
      'running statistics of 1 BatchNorm blocks',
    );
    expect(await factsOf({})).not.toContain('running statistics');
  });
});
