import { cp, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { DataSettings } from '#core/document/dataSettings.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { told } from '#core/words/testing.ts';
import { evaluateRun } from '../inference/evaluateRun.ts';
import { readRunStatus } from '../runs/folder/runFolder.ts';
import { readSplit } from '../runs/data/runSplit.ts';
import { drawImages, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import type { TrainEvent } from './trainEvents.ts';
import { trainRun } from './trainRun.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
});
afterAll(() => playground.remove());

async function train(
  name: string,
  data: Partial<DataSettings>,
  extra: Partial<TrainRunOptions> = {},
): Promise<Extract<TrainEvent, { type: 'plan' }>> {
  const base = tinyDocument({ epochs: 1 });
  let plan: Extract<TrainEvent, { type: 'plan' }> | null = null;
  await trainRun({
    document: { ...base, data: { ...base.data, ...data } },
    train: playground.train,
    validation: null,
    out: playground.at(name),
    cacheFolder: playground.cache,
    backend: referenceBackend,
    onEvent: (event) => {
      if (event.type === 'plan') plan = event;
    },
    ...extra,
  });
  if (plan === null) throw new Error('no plan was told');
  return plan;
}

const evaluate = (run: string, data: string, part: 'train' | 'validation') =>
  evaluateRun({
    run: playground.at(run),
    data,
    part,
    cacheFolder: playground.cache,
    backend: referenceBackend,
  });

describe('the split of a run', () => {
  it('is kept by content: a renamed and larger folder still falls apart in the same way', async () => {
    await train('first', { validationFraction: 0.25 });
    const stored = await readSplit(playground.at('first'));
    expect([stored.train.size, stored.validation.size]).toEqual([18, 6]);

    const moved = playground.at('moved');
    await cp(playground.train, moved, { recursive: true });
    await rename(path.join(moved, 'a', '0.png'), path.join(moved, 'a', 'renamed.png'));
    await drawImages(path.join(moved, 'more'), 0, 1, []);
    await drawImages(playground.at('extra'), 2, 77, ['a']);
    await cp(path.join(playground.at('extra'), 'a', '1.png'), path.join(moved, 'a', 'new.png'));

    const whole = await evaluate('first', playground.train, 'validation');
    expect(whole.images).toBe(6);
    expect(await evaluate('first', moved, 'validation')).toEqual(whole);
    expect((await evaluate('first', moved, 'train')).images).toBe(18);

    const plan = await train('second', {}, { train: moved, splitFrom: playground.at('first') });
    expect([plan.trainImages, plan.validationImages]).toEqual([19, 6]);
    expect(told(plan.notes).join()).toMatch(
      /1 image was not there when the split of .*first was made: it is used for training/,
    );
    expect((await readSplit(playground.at('second'))).validation).toEqual(stored.validation);
  });

  it('says so when a folder has none of its images, and when a run has no split', async () => {
    await expect(evaluate('first', playground.validation, 'validation')).rejects.toThrow(
      /None of the images in .* belonged to the validation part of the run/,
    );
    await mkdir(playground.at('empty'), { recursive: true });
    await expect(readSplit(playground.at('empty'))).rejects.toThrow(/has no stored split/);
    await writeFile(path.join(playground.at('empty'), 'split.json'), '{"format":"normlab-split"');
    await expect(readSplit(playground.at('empty'))).rejects.toThrow(/is damaged/);
  });
});

describe('folds and edits', () => {
  it('validates on one fold', async () => {
    const plan = await train('fold', { crossValidation: { folds: 4, fold: 2 } });
    expect([plan.trainImages, plan.validationImages]).toEqual([18, 6]);
  });

  it('leaves out and relabels what the project says, in the manifest and on resume too', async () => {
    const edits = { excluded: ['a/0.png'], relabelled: { 'a/1.png': 'b' } };
    const plan = await train('edited', { validationFraction: 0, edits });
    expect(plan.trainImages).toBe(23);
    expect(told(plan.skipped)).toContainEqual({ file: 'a/0.png', reason: 'left out by the project' });
    const again = await train('edited', { validationFraction: 0, edits }, { resume: true }).catch(String);
    expect(again).toBe('Error: no plan was told');
    const status = await readRunStatus(playground.at('edited'));
    expect(status.kind).toBe('finished');
    await expect(train('edited', { validationFraction: 0 }, { resume: true })).rejects.toThrow(
      /data\.edits\.excluded/,
    );
  });

  it('warns of validation images that are trained on too', async () => {
    const both = playground.at('both');
    await cp(playground.validation, both, { recursive: true });
    await cp(path.join(playground.train, 'b', '3.png'), path.join(both, 'b', 'copy.png'));
    const plan = await train('shared', {}, { validation: both });
    expect(told(plan.notes).join()).toMatch(
      /1 validation image is byte for byte the same as a training image.*b\/copy.png = b\/3.png/,
    );
  });
});
