import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { told } from '#core/words/testing.ts';
import { drawImages, openPlayground, type Playground } from '../runs/testing/imageFolder.ts';
import type { TrainEvent } from './trainEvents.ts';
import { trainRun } from './trainRun.ts';

let playground: Playground;
beforeAll(async () => {
  playground = await openPlayground();
  // 60 of class a and b, 10 of c.
  await drawImages(playground.at('uneven'), 60, 3, ['a', 'b']);
  await drawImages(playground.at('uneven'), 10, 4, ['c']);
});
afterAll(() => playground.remove());

async function notesOf(name: string, settings: Partial<TrainingSettings>): Promise<readonly string[]> {
  let notes: readonly string[] = [];
  await trainRun({
    document: tinyDocument({ epochs: 1, batchSize: 10, ...settings }),
    train: playground.at('uneven'),
    validation: playground.validation,
    out: playground.at(name),
    cacheFolder: playground.cache,
    backend: referenceBackend,
    onEvent: (event: TrainEvent) => {
      if (event.type === 'plan') notes = told(event.notes);
    },
  });
  return notes;
}

describe('the order of the images', () => {
  it('is said to leak the classes when they come in folder order, and not when shuffled or balanced', async () => {
    const leak = /order of the images leaks their classes: 100 % .* switch shuffling on/;
    expect((await notesOf('sorted', { shuffle: false })).join()).toMatch(leak);
    expect((await notesOf('shuffled', {})).join()).not.toMatch(/leaks/);
    expect((await notesOf('balanced', { sampler: { kind: 'balanced' } })).join()).not.toMatch(/leaks/);
  });

  it('refuses a sampler with weights of classes that the folder does not have', async () => {
    const sampler = { kind: 'weighted', weights: { owl: 2 } } as const;
    await expect(notesOf('owl', { sampler })).rejects.toThrow(/“owl”.*a, b, c/);
  });
});
