import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { createDocument } from '#core/document/create.ts';
import { PAIR_PRESETS, type PairPreset } from '#core/evaluation/pairPresets.ts';
import { asIs, message } from '#core/words/message.ts';
import { fakeLab, settle } from '../../client/testing/fakeLab.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { runFixture } from '../../runs/testing/runFixture.ts';
import { useEvaluationStore } from '../state/evaluationStore.ts';
import { FIRST_PAIR } from './pairChoices.ts';
import { usePairStore } from './pairStore.ts';

vi.mock('../../client/useLab.ts', async () => (await import('../../client/testing/fakeLab.ts')).useLabDouble);

const key = (first: string, second: string) => ({
  first: { runId: first, id: '1'.repeat(16) },
  second: { runId: second, id: '2'.repeat(16) },
});
const record = (name: string) => ({ name });
/** A network as the lab is asked for it, without its run. */
const NETWORK = { checkpoint: 'last', statistics: 'stored', precision: 'f32', fold: false };

beforeEach(() => {
  setActivePinia(createPinia());
  fakeLab.reset();
  const run = (runId: string) => runFixture({ runId, lastCheckpointAt: 1 });
  fakeLab.answers.set('run.list', () => [run('b'), run('a')]);
  fakeLab.answers.set('run.metrics', ({ from }) => ({ events: [], next: from }));
  fakeLab.answers.set('evaluation.list', () => []);
  fakeLab.answers.set('pair.compare', () => key('b', 'b'));
  fakeLab.answers.set('pair.open', () => record('the comparison'));
  fakeLab.answers.set('pair.cancel', () => ({}));
});

/** The store in a project with two runs, of which `b` is shown. */
async function opened() {
  useProjectStore().open(createDocument('Birds', 'p1'));
  const store = usePairStore();
  await settle();
  expect(useEvaluationStore().run?.runId).toBe('b');
  return store;
}

/** The store while it compares, and the id of its work. */
async function comparing() {
  const store = await opened();
  store.applyPreset('folded');
  const answer = fakeLab.hold('pair.compare');
  const done = store.compare();
  const taskId = String(fakeLab.askedOf('pair.compare')[0]?.['taskId']);
  return { store, answer, done, taskId };
}

describe('the networks of the pair view', () => {
  it('are the same one at first, which is not compared', async () => {
    const store = await opened();
    expect(store.isSame).toBe(true);
    expect(store.canCompare).toBe(false);
    store.chooseSide('second', { runId: 'b' });
    expect(store.isSame).toBe(true);
    store.chooseSide('second', { runId: 'a' });
    expect([store.isSame, store.canCompare]).toEqual([false, true]);
  });

  it('follow the run of the panel until a run is chosen', async () => {
    const store = await opened();
    store.applyPreset('best');
    useEvaluationStore().chooseRun('a');
    await store.compare();
    store.chooseSide('first', { runId: 'b' });
    await store.compare();
    const runs = fakeLab.askedOf('pair.compare').map(({ first, second }) => [first, second]);
    expect(runs).toMatchObject([
      [{ runId: 'a' }, { runId: 'a' }],
      [{ runId: 'b' }, { runId: 'a' }],
    ]);
  });

  it.each(Object.keys(PAIR_PRESETS) as PairPreset[])('are those of the pair “%s”', async (preset) => {
    const store = await opened();
    store.chooseSide('first', { runId: 'a', fold: true, precision: 'bf16' });
    store.chooseSide('second', { runId: 'b', statistics: 'exact' });
    store.applyPreset(preset);
    expect(store.canCompare).toBe(true);
    await store.compare();
    expect(fakeLab.askedOf('pair.compare')).toEqual([
      {
        first: { ...NETWORK, ...PAIR_PRESETS[preset].first, runId: 'a' },
        second: { ...NETWORK, ...PAIR_PRESETS[preset].second, runId: 'a' },
        images: { kind: 'own', part: 'validation' },
        taskId: expect.any(String) as string,
      },
    ]);
  });

  it('change places, and a second exchange undoes the first', async () => {
    const store = await opened();
    store.applyPreset('exact');
    const before = store.choices;
    store.swap();
    expect(store.choices).toEqual({ ...before, first: before.second, second: before.first });
    store.swap();
    expect(store.choices).toEqual(before);
  });

  it('are compared on a folder once one is chosen, and not without a lab', async () => {
    const store = await opened();
    store.applyPreset('best');
    store.choose({ source: 'folder' });
    expect(store.canCompare).toBe(false);
    await store.compare();
    expect(fakeLab.askedOf('pair.compare')).toEqual([]);
    store.choose({ folder: { grant: 'g', path: '/new', name: 'new' } });
    expect(store.canCompare).toBe(true);
    await store.compare();
    expect(fakeLab.askedOf('pair.compare')[0]).toMatchObject({
      images: { kind: 'folder', folder: 'g', part: null },
    });
    fakeLab.connection.value = { kind: 'lost' };
    expect(store.canCompare).toBe(false);
  });
});

describe('a comparison', () => {
  it('shows its own progress, and the result under its key', async () => {
    const { store, answer, done, taskId } = await comparing();
    const progress = { label: message('work.measuring'), done: 3, total: 16 };
    fakeLab.emit({ event: 'evaluationProgress', taskId: 'of another page', progress });
    expect(store.task).toMatchObject({ kind: 'working', work: { progress: null } });
    fakeLab.emit({ event: 'evaluationProgress', taskId, progress });
    expect(store.task).toMatchObject({ kind: 'working', work: { progress } });
    answer.resolve(key('b', 'a'));
    await done;
    expect(fakeLab.askedOf('pair.open')).toEqual([{ ...key('b', 'a'), taskId }]);
    expect(store.shown).toEqual({ key: key('b', 'a'), record: record('the comparison') });
    expect(store.task).toBeNull();
    // Progress that was under way when the work ended changes nothing.
    fakeLab.emit({ event: 'evaluationProgress', taskId, progress });
    expect(store.task).toBeNull();
  });

  it('is the only one at a time, and has the networks that were chosen at its start', async () => {
    const { store, answer, done } = await comparing();
    expect(store.canCompare).toBe(false);
    store.applyPreset('best');
    await store.compare();
    expect(fakeLab.askedOf('pair.compare')).toHaveLength(1);
    expect(fakeLab.askedOf('pair.compare')[0]).toMatchObject({
      first: { fold: false },
      second: { fold: true },
    });
    answer.resolve(key('b', 'b'));
    await done;
    expect(store.choices.second.checkpoint).toBe('best');
    expect(store.canCompare).toBe(true);
  });

  it('is cancelled by its id; then the former result stays, and nothing is said', async () => {
    const { store, answer, done, taskId } = await comparing();
    answer.resolve(key('b', 'b'));
    await done;
    const former = store.shown;
    const second = fakeLab.hold('pair.compare');
    const cancelled = store.compare();
    const ids = fakeLab.askedOf('pair.compare').map((params) => params['taskId']);
    expect(ids[1]).not.toBe(taskId);
    await store.cancel();
    expect(fakeLab.askedOf('pair.cancel')).toEqual([{ taskId: ids[1] }]);
    second.reject(new AppError('interrupted', asIs('cancelled')));
    await cancelled;
    expect(store.task).toBeNull();
    expect(store.shown).toEqual(former);
    expect(store.shown).not.toBeNull();
  });

  it('is cancelled while its figures are computed, too', async () => {
    const { store, answer, done, taskId } = await comparing();
    const opening = fakeLab.hold('pair.open');
    answer.resolve(key('b', 'b'));
    await settle();
    expect(store.task?.kind).toBe('working');
    await store.cancel();
    expect(fakeLab.askedOf('pair.cancel')).toEqual([{ taskId }]);
    opening.reject(new AppError('interrupted', asIs('cancelled')));
    await done;
    expect([store.task, store.shown]).toEqual([null, null]);
    expect(store.canCompare).toBe(true);
  });

  it('needs no cancelling where none is in progress or the lab has ended it', async () => {
    const store = await opened();
    await store.cancel();
    expect(fakeLab.askedOf('pair.cancel')).toEqual([]);
    store.applyPreset('folded');
    const answer = fakeLab.hold('pair.compare');
    const done = store.compare();
    fakeLab.answers.set('pair.cancel', () => {
      throw new AppError('internal', asIs('no such work'));
    });
    await expect(store.cancel()).resolves.toBeUndefined();
    answer.reject(new AppError('interrupted', asIs('cancelled')));
    await done;
    expect(store.task).toBeNull();
  });

  it('says why it failed until that is closed or it is started again', async () => {
    const { store, answer, done } = await comparing();
    store.forget();
    expect(store.task?.kind).toBe('working');
    answer.reject(new AppError('folder-no-images', asIs('no common image')));
    await done;
    expect(store.task).toMatchObject({ kind: 'failed', error: { code: 'folder-no-images' } });
    expect(store.canCompare).toBe(true);
    store.forget();
    expect(store.task).toBeNull();

    fakeLab.answers.set('pair.compare', () => key('b', 'b'));
    fakeLab.answers.set('pair.open', () => {
      throw new AppError('run-invalid', asIs('damaged'));
    });
    await store.compare();
    expect(store.task).toMatchObject({ kind: 'failed', error: { code: 'run-invalid' } });
    expect(store.shown).toBeNull();
    fakeLab.answers.set('pair.open', () => record('whole again'));
    await store.compare();
    expect(store.task).toBeNull();
    expect(store.shown?.record).toEqual(record('whole again'));
  });
});

it('begins with the plain pair', async () => {
  expect((await opened()).choices).toEqual(FIRST_PAIR);
});
