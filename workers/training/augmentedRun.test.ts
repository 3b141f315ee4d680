import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Augmentation } from '#core/augment/augmentation.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { evaluateRun } from '../inference/evaluateRun.ts';
import { checkpointTensors, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import { createTrainControl } from './trainControl.ts';
import { trainRun } from './trainRun.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

const augmentation: Augmentation = {
  border: 'reflect',
  horizontalFlip: { probability: 0.5 },
  shift: { unit: 'px', x: 1, y: 0, probability: 1 },
  rotate: { degrees: 15, probability: 0.5 },
};

function documentWith(given: Augmentation | undefined): GraphDocument {
  const plain = tinyDocument();
  return given === undefined ? plain : { ...plain, data: { ...plain.data, augmentation: given } };
}

let playground: Playground;
let undisturbed: Buffer;
beforeAll(async () => {
  playground = await openPlayground();
  await train('undisturbed');
  undisturbed = await checkpointTensors(playground.at('undisturbed'));
});
afterAll(() => playground.remove());

function train(name: string, extra: Partial<TrainRunOptions> = {}) {
  return trainRun({
    document: documentWith(augmentation),
    train: playground.train,
    validation: playground.validation,
    out: playground.at(name),
    cacheFolder: playground.cache,
    backend: referenceBackend,
    ...extra,
  });
}

describe('training with augmentation', () => {
  it('gives the same bits again, and others than without', async () => {
    await train('again');
    expect((await checkpointTensors(playground.at('again'))).equals(undisturbed)).toBe(true);
    await train('plain', { document: documentWith(undefined) });
    expect((await checkpointTensors(playground.at('plain'))).equals(undisturbed)).toBe(false);
  });

  it('is what plain training is when nothing is switched on', async () => {
    await train('nothing', { document: documentWith({ border: 'edge' }) });
    const plain = await checkpointTensors(playground.at('plain'));
    expect((await checkpointTensors(playground.at('nothing'))).equals(plain)).toBe(true);
  });

  it.each([2, 5, 7])('goes on after %i steps with the same bits', async (steps) => {
    const control = createTrainControl();
    const name = `stopped-${steps}`;
    const stopped = train(name, {
      control,
      checkpointEveryMs: 0,
      onEvent: (event) => {
        if (event.type === 'checkpoint' && event.step >= steps) control.stop();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
    const { dataWaitShare } = await train(name, { resume: true });
    expect((await checkpointTensors(playground.at(name))).equals(undisturbed)).toBe(true);
    expect(dataWaitShare).toBeGreaterThan(0);
    expect(dataWaitShare).toBeLessThan(1);
  });

  it('does not resume under other augmentation', async () => {
    const changed = { ...augmentation, rotate: { degrees: 20, probability: 0.5 } };
    await expect(
      train('undisturbed', { resume: true, document: documentWith(changed) }),
    ).rejects.toMatchObject({
      code: 'arguments',
      message: expect.stringContaining('data.augmentation.rotate.degrees: 15, now 20'),
    });
  });

  it('validates and evaluates on plain pictures', async () => {
    const result = await train('validated');
    const evaluated = await evaluateRun({
      run: playground.at('validated'),
      data: playground.validation,
      cacheFolder: playground.cache,
      backend: referenceBackend,
    });
    expect(evaluated.loss).toBeCloseTo(result.val?.loss ?? NaN, 12);
  });
});
