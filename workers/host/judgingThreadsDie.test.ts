import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EvaluationKey } from '#core/contract/evaluationCalls.ts';
import { drawImages } from '../runs/testing/imageFolder.ts';
import { ALL, openEvaluationLab, RUN, type EvaluationLab } from './testing/evaluationLab.ts';
import { killThread, startedThreads } from './testing/startedThreads.ts';

// Threads start slowly on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
vi.mock('node:worker_threads', async (original) =>
  (await import('./testing/startedThreads.ts')).recordingThreads(original),
);

/*
 * Real threads, each ended in the middle of its work: the call fails in words, nothing is left half written, and the
 * next call is answered by a new thread.
 */
let lab: EvaluationLab;
let key: EvaluationKey;
beforeAll(async () => {
  lab = await openEvaluationLab();
  await drawImages(lab.folder.at('other'), 20, 7);
  ({ key } = await lab.call('evaluation.start', { taskId: 'first', ...STORED }));
});
afterAll(() => lab.close());

const STORED = { runId: RUN, statistics: 'stored', images: { kind: 'own', part: 'validation' } } as const;
const EXACT = { runId: RUN, statistics: 'exact', images: { kind: 'own', part: 'train' } } as const;
const evaluations = (): Promise<string[]> => readdir(join(lab.folder.home.runs, RUN, 'evaluations'));

describe('when its thread dies', () => {
  it('an evaluation fails, leaves nothing, and can be started again', async () => {
    const [before, count] = [await evaluations(), startedThreads('evaluation')];
    const refused = lab.refusal('evaluation.start', { taskId: 'dies', ...EXACT });
    await killThread('evaluation', count);
    expect(await refused).toMatch(/^worker-died: .*evaluating.died/);
    expect(await evaluations()).toEqual(before);
    // The same task, which is no longer under way.
    const again = await lab.call('evaluation.start', { taskId: 'dies', ...EXACT });
    await lab.call('evaluation.remove', again.key);
  });

  it('a comparison fails, and can be started again', async () => {
    const images = { kind: 'own', part: 'validation' } as const;
    const asked = { taskId: 'pair', first: { runId: RUN }, second: { runId: RUN, fold: true }, images };
    const count = startedThreads('pair');
    const refused = lab.refusal('pair.compare', asked);
    await killThread('pair', count);
    expect(await refused).toMatch(/^worker-died: .*lab.threadDied/);
    const found = await lab.call('pair.compare', asked);
    const opened = await lab.call('pair.open', { taskId: 'open', ...found });
    // Not the comparison that the thread has in memory.
    const other = { taskId: 'turned', first: found.second, second: found.first };
    const unread = lab.refusal('pair.open', other);
    await killThread('pair-reading');
    expect(await unread).toMatch(/^worker-died: .*lab.threadDied/);
    expect(await lab.call('pair.open', { taskId: 'open', ...found })).toEqual(opened);
    expect(startedThreads('pair-reading')).toBe(2);
  });

  it('kept evaluations are read by another one', async () => {
    const page = { ...key, query: { order: 'unsure', ...ALL }, from: 0, count: 20 } as const;
    const whole = await lab.call('evaluation.images', page);
    const count = startedThreads('evaluations');
    const refused = lab.refusal('evaluation.list', { runId: RUN });
    await killThread('evaluations');
    expect(await refused).toMatch(/^worker-died: .*lab.threadDied/);
    expect(await lab.call('evaluation.images', page)).toEqual(whole);
    expect(startedThreads('evaluations')).toBe(count + 1);
  });

  it('a report is not written, or whole, and can be written again', async () => {
    const target = { language: 'en', folder: await lab.grant('out'), name: 'n', overwrite: false } as const;
    const asked = { taskId: 'write', ...key, what: 'report', ...target } as const;
    const refused = lab.refusal('evaluation.write', asked);
    await vi.waitFor(() => expect(lab.events.some(isWriting)).toBe(true), { interval: 1 });
    await killThread('evaluations');
    expect(await refused).toMatch(/^worker-died: .*lab.threadDied/);
    expect((await readdir(lab.folder.at('out'))).filter((name) => name.endsWith('.html'))).toEqual([]);
    const { file } = await lab.call('evaluation.write', asked);
    expect(await readFile(file.path, 'utf8')).toMatch(/<\/html>\s*$/);
    expect(await readdir(lab.folder.at('out'))).toEqual(['n.html']);
  });

  it('a search fails, and the next one finds', async () => {
    const asked = { ...key, taskId: 'search', from: 0, count: 10, text: null, others: [] };
    const refused = lab.refusal('doubt.suspects', asked);
    await killThread('doubts');
    expect(await refused).toMatch(/^worker-died: .*lab.threadDied/);
    expect((await lab.call('doubt.suspects', asked)).summary).toMatchObject({ images: 9 });
    expect(startedThreads('doubts')).toBe(2);
  });

  it('a picture has to be shown again', async () => {
    await lab.call('picture.open', { sessionId: 's', runId: RUN });
    const picture = { kind: 'evaluated', key, image: 0 } as const;
    const { pictureId } = await lab.call('picture.show', { sessionId: 's', picture });
    const asked = { sessionId: 's', taskId: 'c', pictureId } as const;
    const plain = await lab.call('picture.classify', { ...asked, statistics: 'stored' });
    const refused = lab.refusal('picture.classify', { ...asked, statistics: 'random', batches: 100 });
    await killThread('pictures');
    expect(await refused).toMatch(/^worker-died: .*pictures.threadDied/);
    // A new thread has the network, but no picture.
    expect(await lab.refusal('picture.classify', { ...asked, statistics: 'stored' })).toMatch(
      /^picture-gone: /,
    );
    const again = await lab.call('picture.show', { sessionId: 's', picture });
    const next = { ...asked, pictureId: again.pictureId };
    expect(await lab.call('picture.classify', { ...next, statistics: 'stored' })).toEqual(plain);
    expect(startedThreads('pictures')).toBe(2);
  });

  it('a classified folder keeps its lines, and is classified again', async () => {
    const target = { images: await lab.grant('other'), folder: await lab.grant('out'), name: 'classes' };
    const asked = { taskId: 'folder', runId: RUN, topK: 1, ...target } as const;
    const refused = lab.refusal('picture.classifyFolder', { ...asked, overwrite: false });
    await killThread('classification');
    expect(await refused).toMatch(/^worker-died: .*pictures.folderDied/);
    const { classified } = await lab.call('picture.classifyFolder', { ...asked, overwrite: true });
    expect(classified).toBe(60);
  });
});

function isWriting(event: EvaluationLab['events'][number]): boolean {
  return event.event === 'evaluationProgress' && event.taskId === 'write';
}
