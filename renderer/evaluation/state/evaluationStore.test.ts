import { createPinia, setActivePinia } from 'pinia';
import { nextTick, shallowRef } from 'vue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EvaluationSummary } from '#core/contract/evaluationCalls.ts';
import type { LabEvent } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { createDocument } from '#core/document/create.ts';
import { asIs, message } from '#core/words/message.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { runFixture } from '../../runs/testing/runFixture.ts';
import { useEvaluationStore } from './evaluationStore.ts';

/** A lab host with the methods that these tests need. */
const host = vi.hoisted(() => ({
  answers: new Map<string, (params: Record<string, unknown>) => unknown>(),
  asked: [] as [string, Record<string, unknown>][],
  handlers: new Map<string, (event: unknown) => void>(),
  connection: null as unknown as { value: { kind: string } },
}));
vi.mock('../../client/useLab.ts', () => ({
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

const [FIRST, SECOND] = ['1'.repeat(16), '2'.repeat(16)];
const summary = (id: string): EvaluationSummary => ({
  ...{ id, createdAt: '2026-01-02T03:04:05.678Z', count: 20, accuracy: 0.9 },
  model: { run: 'b', checkpoint: 'last', weights: 'raw', statistics: 'moving-average', epoch: 2 },
  images: { source: 'validation', folder: '/i', part: null, missing: [], extra: [], skipped: 0 },
  loss: { kind: 'crossEntropy', mean: 0.3 },
});
const asked = (method: string): unknown[] =>
  host.asked.filter(([name]) => name === method).map(([, params]) => params);
const emit = (event: LabEvent): void => host.handlers.get(event.event)?.(event);
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const kept = new Map<string, string[]>();

/** An answer that the test sends when it chooses. */
function held(method: string) {
  let settling: { resolve(value: unknown): void; reject(error: Error): void } | null = null;
  const promise = new Promise((resolve, reject) => {
    settling = { resolve, reject };
  });
  host.answers.set(method, () => promise);
  return must<{ resolve(value: unknown): void; reject(error: Error): void }>(settling, 'settling');
}

beforeEach(() => {
  setActivePinia(createPinia());
  host.connection = shallowRef({ kind: 'open' });
  host.asked.length = 0;
  host.answers.clear();
  kept.clear();
  kept.set('b', [SECOND, FIRST]).set('other', [FIRST]);
  const run = (runId: string, project: string) =>
    runFixture({ runId, lastCheckpointAt: 1, project: { id: project, name: project, hash: null } });
  host.answers.set('run.list', () => [run('other', 'p2'), run('b', 'p1'), run('a', 'p1')]);
  host.answers.set('run.metrics', ({ from }) => ({ events: [], next: from }));
  host.answers.set('evaluation.list', ({ runId }) => (kept.get(String(runId)) ?? []).map(summary));
  host.answers.set('evaluation.open', ({ id }) => ({ id }));
  host.answers.set('evaluation.cancel', () => ({}));
  host.answers.set('evaluation.remove', ({ runId, id }) => {
    kept.set(
      String(runId),
      (kept.get(String(runId)) ?? []).filter((each) => each !== id),
    );
    return {};
  });
});

async function opened() {
  useProjectStore().open(createDocument('Birds', 'p1'));
  const store = useEvaluationStore();
  await settle();
  return store;
}

describe('evaluationStore', () => {
  it('lists the runs of the project first, and shows the newest evaluation of the newest run', async () => {
    const store = await opened();
    expect(store.runs.map(({ runId }) => runId)).toEqual(['b', 'a', 'other']);
    expect(store.evaluations.map(({ id }) => id)).toEqual([SECOND, FIRST]);
    expect(store.shown?.key).toEqual({ runId: 'b', id: SECOND });
    store.chooseRun('a');
    await settle();
    expect([store.shown, store.evaluations]).toEqual([null, []]);
  });

  it('shows the evaluation that is opened and its run, and comes back to it', async () => {
    const store = await opened();
    await store.open({ runId: 'b', id: FIRST });
    await store.open({ runId: 'other', id: FIRST });
    await settle();
    expect(store.run?.runId).toBe('other');
    expect(store.shown?.key).toEqual({ runId: 'other', id: FIRST });
    store.chooseRun('b');
    await settle();
    expect(store.shown?.key.id).toBe(FIRST);
  });

  it('shows the last of two that are opened, whichever is read first, and says why one cannot be', async () => {
    const store = await opened();
    const slow = held('evaluation.open');
    const first = store.open({ runId: 'b', id: FIRST });
    host.answers.set('evaluation.open', ({ id }) => ({ id }));
    await store.open({ runId: 'b', id: SECOND });
    slow.resolve({ id: FIRST });
    await first;
    expect(store.shown?.key.id).toBe(SECOND);
    host.answers.set('evaluation.open', () => {
      throw new AppError('run-invalid', asIs('damaged'));
    });
    await store.open({ runId: 'b', id: FIRST });
    expect(store.shown).toBeNull();
    expect(store.openError?.code).toBe('run-invalid');
  });

  it('evaluates as chosen, with progress, while others stay readable, and shows the result', async () => {
    const store = await opened();
    store.choose({ checkpoint: 'best', weights: 'raw', statistics: 'exact', source: 'train' });
    const answer = held('evaluation.start');
    const done = store.start();
    await nextTick();
    const [params] = asked('evaluation.start');
    expect(params).toMatchObject({
      ...{ runId: 'b', checkpoint: 'best', weights: 'raw', statistics: 'exact' },
      images: { kind: 'own', part: 'train' },
    });
    expect(store.canStart).toBe(false);
    await store.start();
    expect(asked('evaluation.start')).toHaveLength(1);
    const { taskId } = params as { taskId: string };
    const progress = { label: message('work.measuring'), done: 3, total: 16 };
    emit({ event: 'evaluationProgress', taskId: 'of another page', progress });
    expect(store.task).toMatchObject({ work: { progress: null } });
    emit({ event: 'evaluationProgress', taskId, progress });
    expect(store.task).toMatchObject({ work: { progress } });
    await store.open({ runId: 'b', id: FIRST });
    expect(store.shown?.key.id).toBe(FIRST);
    await store.cancel();
    expect(asked('evaluation.cancel')).toEqual([{ taskId }]);

    const id = '3'.repeat(16);
    kept.set('b', [id, SECOND, FIRST]);
    answer.resolve({ key: { runId: 'b', id }, skipped: [], notKept: asIs('read-only') });
    await done;
    expect(store.task).toBeUndefined();
    expect(store.shown?.key.id).toBe(id);
    expect(store.evaluations).toHaveLength(3);
    expect(store.outcomes.get(id)?.notKept).toEqual(asIs('read-only'));
  });

  it('keeps choices, progress and errors apart by run', async () => {
    const store = await opened();
    const answer = held('evaluation.start');
    store.choose({ source: 'train' });
    const done = store.start();
    store.chooseRun('a');
    await settle();
    expect(store.task).toBeUndefined();
    expect(store.choices.source).toBe('validation');
    answer.reject(new AppError('folder-no-images', asIs('no image left')));
    await done;
    expect(store.task).toBeUndefined();
    store.chooseRun('b');
    expect(store.task).toMatchObject({ kind: 'failed', error: { code: 'folder-no-images' } });
    store.forget();
    expect(store.task).toBeUndefined();
  });

  it('says nothing of a cancelled evaluation, and does not start without a folder or a lab', async () => {
    const store = await opened();
    host.answers.set('evaluation.start', () => {
      throw new AppError('interrupted', asIs('cancelled'));
    });
    await store.start();
    expect(store.task).toBeUndefined();
    store.choose({ source: 'folder' });
    expect(store.canStart).toBe(false);
    await store.start();
    expect(asked('evaluation.start')).toHaveLength(1);
    const folder = { grant: 'g', path: '/new', name: 'new' };
    store.choose({ folder, part: 'validation' });
    expect(store.canStart).toBe(true);
    await store.start();
    expect(asked('evaluation.start')[1]).toMatchObject({
      images: { kind: 'folder', folder: 'g', part: 'validation' },
    });
    host.connection.value = { kind: 'lost' };
    expect(store.canStart).toBe(false);
  });

  it('shows another evaluation after the removal of the one that is shown', async () => {
    const store = await opened();
    await store.remove({ runId: 'b', id: SECOND });
    expect(store.evaluations.map(({ id }) => id)).toEqual([FIRST]);
    expect(store.shown?.key.id).toBe(FIRST);
    await store.remove({ runId: 'b', id: FIRST });
    expect(store.shown).toBeNull();
  });
});
