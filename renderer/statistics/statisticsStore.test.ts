import { createPinia, setActivePinia } from 'pinia';
import { nextTick, shallowRef } from 'vue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabEvent } from '#core/contract/labApi.ts';
import type { NormStatistics } from '#core/contract/normStatistics.ts';
import type { StatisticsPass } from '#core/batchnorm/statisticsPass.ts';
import type { RunPhase, RunState } from '#core/contract/run.ts';
import { createDocument } from '#core/document/create.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { asIs, message } from '#core/words/message.ts';
import { runFixture } from '../runs/testing/runFixture.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { useRunStore } from '../runs/runStore.ts';
import { useStatisticsStore } from './statisticsStore.ts';

/** A lab host with the methods that these tests need. */
const host = vi.hoisted(() => ({
  answers: new Map<string, (params: Record<string, unknown>) => unknown>(),
  asked: [] as [string, unknown][],
  handlers: new Map<string, (event: unknown) => void>(),
  connection: null as unknown as { value: { kind: string } },
}));
vi.mock('../client/useLab.ts', () => ({
  useLab: () => ({
    connection: host.connection,
    call: async (method: string, params: Record<string, unknown>) => {
      host.asked.push([method, params]);
      const answer = host.answers.get(method);
      if (answer === undefined) throw new Error(`nothing to answer to ${method}`);
      return answer(params);
    },
    on: (name: string, handler: (event: unknown) => void) => {
      host.handlers.set(name, handler);
      return () => undefined;
    },
  }),
}));

const PROJECT = createDocument('Birds', 'p1');
const state = (runId: string, phase: RunPhase = 'finished'): RunState =>
  runFixture({ runId, phase, lastCheckpointAt: 1 });
const MOVING: NormStatistics = {
  weights: 'raw',
  kind: 'moving-average',
  pass: null,
  blocks: [{ node: 'bn1', name: 'BN', channels: 4, isMeasurable: true, variance: 1, change: null }],
};
const PASS: StatisticsPass = {
  ...{ batches: 4, images: 20, passes: 1, errors: [] },
  judged: { on: 'validation', before: { loss: 1, accuracy: 0.5 }, after: { loss: 0.9, accuracy: 0.6 } },
};
const EXACT: NormStatistics = { ...MOVING, kind: 'exact', pass: PASS };
const emit = (event: LabEvent): void => host.handlers.get(event.event)?.(event);
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** An answer that the test sends when it chooses. */
function held<T>(method: string) {
  let settle: { resolve(value: T): void; reject(error: Error): void } | null = null;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  host.answers.set(method, () => promise);
  return must<{ resolve(value: T): void; reject(error: Error): void }>(settle, 'settle');
}

beforeEach(() => {
  setActivePinia(createPinia());
  host.connection = shallowRef({ kind: 'open' });
  host.asked.length = 0;
  host.answers.clear();
  host.answers.set('run.list', () => [state('b'), state('a')]);
  host.answers.set('run.metrics', ({ from }) => ({ events: [], next: from }));
  host.answers.set('run.statistics', () => MOVING);
  host.answers.set('run.cancelRecalibration', () => ({}));
});

async function opened() {
  useProjectStore().open(PROJECT);
  const store = useStatisticsStore();
  await settle();
  return store;
}

describe('statisticsStore', () => {
  it('shows what the newest run stores, or the run that is chosen', async () => {
    const store = await opened();
    expect(store.run?.runId).toBe('b');
    expect(store.view).toEqual({ kind: 'ready', statistics: MOVING });
    store.choose('a');
    expect(store.run?.runId).toBe('a');
    await settle();
    expect(host.asked.filter(([method]) => method === 'run.statistics').map(([, params]) => params)).toEqual([
      { runId: 'b' },
      { runId: 'a' },
    ]);
  });

  it('has nothing to show without a run that has weights, and does not ask while the run trains', async () => {
    host.answers.set('run.list', () => [{ ...state('new'), lastCheckpointAt: null }]);
    const store = await opened();
    expect(store.view.kind).toBe('none');
    emit({ event: 'runState', state: state('new', 'running') });
    await settle();
    expect(store.view.kind).toBe('live');
    expect(host.asked.map(([method]) => method)).not.toContain('run.statistics');
    emit({ event: 'runState', state: state('new', 'stopped') });
    await settle();
    expect(store.view.kind).toBe('ready');
  });

  it('measures with progress, shows the outcome, and takes it back', async () => {
    const store = await opened();
    const answer = held('run.recalibrate');
    const done = store.recalibrate(16);
    await nextTick();
    expect(host.asked.at(-1)).toEqual(['run.recalibrate', { runId: 'b', batches: 16 }]);
    expect(store.work).toMatchObject({ progress: null });
    const progress = { label: message('work.measuring'), done: 3, total: 16 };
    emit({ event: 'recalibration', runId: 'b', progress });
    expect(store.work).toMatchObject({ progress });
    // The end is reported before the answer: the page must not request what is about to arrive.
    emit({ event: 'recalibration', runId: 'b', progress: null });
    answer.resolve(EXACT);
    await done;
    expect(store.work).toBeUndefined();
    expect(store.view).toEqual({ kind: 'ready', statistics: EXACT });
    expect(host.asked.filter(([method]) => method === 'run.statistics')).toHaveLength(1);

    host.answers.set('run.undoRecalibration', () => MOVING);
    await store.undo();
    expect(store.view).toEqual({ kind: 'ready', statistics: MOVING });
  });

  it('says why it failed and keeps what it showed; a cancelled one is no failure', async () => {
    const store = await opened();
    const busy = new AppError('run-busy', asIs('Another one is training.'));
    host.answers.set('run.recalibrate', () => {
      throw busy;
    });
    await store.recalibrate(null);
    expect(store.error).toMatchObject({ code: 'run-busy', message: asIs('Another one is training.') });
    expect(store.view).toMatchObject({ kind: 'ready', statistics: MOVING });
    expect(store.work).toBeUndefined();

    const answer = held('run.recalibrate');
    const done = store.recalibrate(null);
    await nextTick();
    expect(store.error).toBeNull();
    await store.cancel();
    expect(host.asked.at(-1)).toEqual(['run.cancelRecalibration', { runId: 'b' }]);
    answer.reject(new AppError('interrupted', asIs('Recalibration was stopped.')));
    await done;
    expect(store.error).toBeNull();
    expect(store.view).toMatchObject({ kind: 'ready', statistics: MOVING });
  });

  it('does not show the outcome of one run for another', async () => {
    const store = await opened();
    const answer = held('run.recalibrate');
    const done = store.recalibrate(null);
    store.choose('a');
    await settle();
    expect(store.work).toBeUndefined();
    answer.resolve(EXACT);
    await done;
    expect(store.view).toMatchObject({ kind: 'ready', statistics: MOVING });
  });

  it('follows one that another page has begun, and reads what it left', async () => {
    const store = await opened();
    emit({
      event: 'recalibration',
      runId: 'b',
      progress: { label: message('work.evaluating'), done: 1, total: 9 },
    });
    expect(store.work).toBeDefined();
    host.answers.set('run.statistics', () => EXACT);
    emit({ event: 'recalibration', runId: 'b', progress: null });
    expect(store.work).toBeUndefined();
    await settle();
    expect(store.view).toEqual({ kind: 'ready', statistics: EXACT });
  });

  it('forgets what was under way in a lab that is gone', async () => {
    const store = await opened();
    emit({
      event: 'recalibration',
      runId: 'b',
      progress: { label: message('work.evaluating'), done: 1, total: 9 },
    });
    host.connection.value = { kind: 'reconnecting' };
    await nextTick();
    expect(store.work).toBeUndefined();
    expect(useRunStore().runs).toHaveLength(2);
  });

  it('shows no other project’s statistics, unless they are asked for', async () => {
    const theirs = { ...state('theirs'), project: { id: 'p2', name: 'Cats', hash: null } };
    host.answers.set('run.list', () => [theirs]);
    const store = await opened();
    expect(store.runs).toEqual([]);
    expect(store.view.kind).toBe('none');
    store.choose('theirs');
    expect(store.run).toBeUndefined();
    useRunStore().showsOthers = true;
    await settle();
    expect(store.run?.runId).toBe('theirs');
  });
});
