import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { createDocument } from '#core/document/create.ts';
import { sampleJudgement } from '#core/evaluation/testing/sampleJudgement.ts';
import { asIs, message } from '#core/words/message.ts';
import { fakeLab, settle, type HeldAnswer } from '../../client/testing/fakeLab.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { runFixture } from '../../runs/testing/runFixture.ts';
import { useEvaluationStore } from '../state/evaluationStore.ts';
import type { ShownEvaluation } from '../state/useShownEvaluation.ts';
import { useFoldStore } from './foldStore.ts';

vi.mock('../../client/useLab.ts', async () => (await import('../../client/testing/fakeLab.ts')).useLabDouble);

const RUNS = ['fold-2', 'fold-3', 'fold-4'].map((runId) => ({ runId, run: `the run ${runId}` }));
const { record } = await sampleJudgement(20, 3);
const shown = (model: Partial<ShownEvaluation['record']['model']> = {}): ShownEvaluation => ({
  key: { runId: 'fold-1', id: record.id },
  record: { ...record, model: { ...record.model, ...model } },
});
const asked = () => fakeLab.askedOf('evaluation.start');
const key = (runId: string) => ({ key: { runId, id: '1'.repeat(16) }, skipped: [], notKept: null });

beforeEach(() => {
  setActivePinia(createPinia());
  fakeLab.reset();
  fakeLab.answers.set('run.list', () => [runFixture({ runId: 'fold-1', lastCheckpointAt: 1 })]);
  fakeLab.answers.set('run.metrics', ({ from }) => ({ events: [], next: from }));
  fakeLab.answers.set('evaluation.list', () => []);
  fakeLab.answers.set('evaluation.start', ({ runId }) => key(String(runId)));
  fakeLab.answers.set('evaluation.cancel', () => ({}));
});

async function opened() {
  useProjectStore().open(createDocument('Birds', 'p1'));
  const store = useFoldStore();
  await settle();
  return store;
}

/** The store while it evaluates the folds; the lab has not answered to the first. */
async function working(): Promise<{
  store: Awaited<ReturnType<typeof opened>>;
  answer: HeldAnswer;
  done: Promise<void>;
}> {
  const store = await opened();
  const answer = fakeLab.hold('evaluation.start');
  const done = store.evaluate(shown(), RUNS);
  return { store, answer, done };
}

describe('the folds of a cross-validation', () => {
  it('are evaluated one after the other, each on the part that it held out', async () => {
    const { store, answer, done } = await working();
    expect(store.state).toMatchObject({ kind: 'working', at: 0 });
    expect(store.current).toEqual(RUNS[0]);
    expect(asked()).toMatchObject([{ runId: 'fold-2', images: { kind: 'own', part: 'validation' } }]);
    const progress = { label: message('work.measuring'), done: 3, total: 16 };
    const [first] = asked();
    fakeLab.emit({ event: 'evaluationProgress', taskId: String(first?.['taskId']), progress });
    expect(store.task).toMatchObject({ kind: 'working', work: { progress } });
    fakeLab.answers.set('evaluation.start', ({ runId }) => key(String(runId)));
    answer.resolve(key('fold-2'));
    await done;
    expect(asked().map(({ runId }) => runId)).toEqual(['fold-2', 'fold-3', 'fold-4']);
    expect(store.state).toEqual({ kind: 'idle', failures: [] });
    expect([store.current, store.task, store.endings]).toEqual([null, undefined, 1]);
  });

  it('are evaluated as the evaluation that is shown was', async () => {
    const store = await opened();
    await store.evaluate(
      shown({ checkpoint: 'best', weights: 'ema', statistics: 'exact' }),
      RUNS.slice(0, 1),
    );
    await store.evaluate(
      shown({ checkpoint: 'last', weights: 'raw', statistics: 'moving-average' }),
      RUNS.slice(1, 2),
    );
    expect(asked()).toMatchObject([
      { runId: 'fold-2', checkpoint: 'best', weights: 'ema', statistics: 'exact' },
      { runId: 'fold-3', checkpoint: 'last', weights: 'raw', statistics: 'moving' },
    ]);
  });

  it('leave what the panel shows as it is, and list their evaluations', async () => {
    const store = await opened();
    const evaluation = useEvaluationStore();
    const before = [evaluation.run?.runId, evaluation.shown, evaluation.choices];
    await store.evaluate(shown(), RUNS);
    expect([evaluation.run?.runId, evaluation.shown, evaluation.choices]).toEqual(before);
    expect(fakeLab.askedOf('evaluation.list')).toEqual(
      expect.arrayContaining(RUNS.map(({ runId }) => ({ runId }))),
    );
  });

  it('end with the present one when they are cancelled', async () => {
    const { store, answer, done } = await working();
    const [first] = asked();
    await store.cancel();
    expect(fakeLab.askedOf('evaluation.cancel')).toEqual([{ taskId: first?.['taskId'] }]);
    answer.reject(new AppError('interrupted', asIs('cancelled')));
    await done;
    expect(asked()).toHaveLength(1);
    expect(store.state).toEqual({ kind: 'idle', failures: [] });
    expect(store.endings).toBe(1);
    fakeLab.answers.set('evaluation.start', ({ runId }) => key(String(runId)));
    await store.evaluate(shown(), RUNS);
    expect(asked()).toHaveLength(4);
  });

  it('go on after one that fails, and say which failed and why', async () => {
    const store = await opened();
    const lost = new AppError('folder-not-found', asIs('the images are gone'));
    fakeLab.answers.set('evaluation.start', ({ runId }) => {
      if (runId === 'fold-3') throw lost;
      return key(String(runId));
    });
    await store.evaluate(shown(), RUNS);
    expect(asked()).toHaveLength(3);
    expect(store.state).toMatchObject({
      kind: 'idle',
      failures: [{ runId: 'fold-3', run: 'the run fold-3', error: { code: 'folder-not-found' } }],
    });
    fakeLab.answers.set('evaluation.start', ({ runId }) => key(String(runId)));
    await store.evaluate(shown(), RUNS.slice(1, 2));
    expect(store.state).toEqual({ kind: 'idle', failures: [] });
  });

  it('are not begun twice', async () => {
    const { store, answer, done } = await working();
    await store.evaluate(shown(), RUNS);
    expect(asked()).toHaveLength(1);
    answer.reject(new AppError('interrupted', asIs('cancelled')));
    await store.cancel();
    await done;
    await store.evaluate(shown(), []);
    expect(store.endings).toBe(1);
  });
});
