import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepSample } from '../evaluation/testing/sampleEvaluation.ts';
import { ALL, openEvaluationLab, RUN, type EvaluationLab } from './testing/evaluationLab.ts';

/*
 * While 20,000 images of an evaluation are read, scored and sorted, the host's own thread has nothing to compute but
 * the calls themselves; other programs do not lengthen processor time. The first page is retried where the garbage
 * collection of the test fell into it.
 */
const IMAGES = 20_000;
const CLASSES = 50;
/** For everything that the host does of one call: frames, parsing, 500 images. */
const MOST_MS = process.env['CI'] === undefined ? 60 : 300;
const PAGE = { from: 0, count: 500 };

let lab: EvaluationLab;
const key = { runId: RUN, id: '' };
beforeAll(async () => {
  lab = await openEvaluationLab();
  key.id = await keepSample(join(lab.folder.home.runs, RUN), { count: IMAGES, classes: CLASSES });
}, 300_000);
afterAll(() => lab.close());

/** Milliseconds of processor time of this thread until `act` is done. */
async function computed(act: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

describe('the thread of the host', () => {
  it('answers other calls while an evaluation of 20,000 images is read', { timeout: 120_000 }, async () => {
    let isRead = false;
    let answers = 0;
    let longest = 0;
    const reading = lab
      .call('evaluation.images', { ...key, query: { order: 'wrong', ...ALL }, ...PAGE })
      .finally(() => (isRead = true));
    while (!isRead) {
      longest = Math.max(longest, await computed(() => lab.call('lab.describe', {})));
      answers += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const { total, images } = await reading;
    expect(images).toHaveLength(500);
    expect(total).toBeGreaterThan(1_000);
    expect(answers).toBeGreaterThan(3);
    expect(longest).toBeLessThan(MOST_MS);
  });

  it('leaves reading, scoring and sorting to another one', { retry: 3, timeout: 120_000 }, async () => {
    const orders = ['sure', 'unsure'] as const;
    for (const order of orders) {
      const page = { ...key, query: { order, ...ALL, text: '/1' }, ...PAGE };
      expect(await computed(() => lab.call('evaluation.images', page)), order).toBeLessThan(MOST_MS);
    }
    expect(await computed(() => lab.call('evaluation.open', key)), 'open').toBeLessThan(MOST_MS);
    expect(await computed(() => lab.call('evaluation.list', { runId: RUN })), 'list').toBeLessThan(MOST_MS);
  });
});
