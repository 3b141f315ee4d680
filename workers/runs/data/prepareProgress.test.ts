import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { drawImages } from '../testing/imageFolder.ts';
import type { TrainEvent } from '../../training/trainEvents.ts';
import { trainRun } from '../../training/trainRun.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-progress-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('counts the images that are looked for, also where all of them are decoded already', async () => {
  await drawImages(path.join(folder, 'train'), 8, 1);
  for (const run of ['first', 'second']) {
    const events: TrainEvent[] = [];
    await trainRun({
      document: tinyDocument({ epochs: 1, precision: 'f32', threads: 1 }),
      train: path.join(folder, 'train'),
      validation: null,
      out: path.join(folder, run),
      cacheFolder: path.join(folder, 'cache'),
      onEvent: (event) => events.push(event),
    });
    const decoding = events.filter(
      (event) => event.type === 'progress' && event.label.key === 'work.decoding',
    );
    expect(decoding[0]).toMatchObject({ done: 0 });
    for (const event of decoding) expect(event).toHaveProperty('total', expect.any(Number));
  }
});
