import { createPinia, setActivePinia } from 'pinia';
import { nextTick, shallowRef } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabEvent } from '#core/contract/labApi.ts';
import type { RunPhase, RunState } from '#core/contract/run.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { toProjectId } from '#core/diagnostics/ids.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { asIs } from '#core/words/message.ts';
import { REMOTE, runFixture } from './testing/runFixture.ts';
import { useDataStore } from '../data/folders/dataStore.ts';
import { useNoticeStore } from '../app/noticeStore.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { useRunStore } from './runStore.ts';

const FOLDER = { grant: 'g', path: '/pictures', name: 'pictures' };
const SUMMARY = {
  classes: Array.from({ length: 10 }, (_, i) => ({ name: `c${i}`, count: 9 })),
  images: 90,
  skipped: [],
  warnings: [],
  typical: { height: 28, width: 28, channels: 1 },
};
const PLAN = {
  trainImages: 81,
  validationImages: 9,
  classes: ['a'],
  stepsPerEpoch: 2,
  lastBatch: 17,
  precision: 'f32',
  threads: 1,
  memoryBytes: 1,
  problems: [],
};

/** A lab host with the methods that these tests need. */
const host = vi.hoisted(() => ({
  answers: new Map<string, (params: Record<string, unknown>) => unknown>(),
  asked: [] as string[],
  handlers: new Map<string, (event: unknown) => void>(),
  /** Events that came before the first listener, who receives them at once. */
  waiting: new Map<string, unknown[]>(),
  connection: null as unknown as { value: { kind: string } },
}));
vi.mock('../client/useLab.ts', () => ({
  useLab: () => ({
    connection: host.connection,
    call: async (method: string, params: Record<string, unknown>) => {
      host.asked.push(method);
      const answer = host.answers.get(method);
      if (answer === undefined) throw new Error(`nothing to answer to ${method}`);
      return answer(params);
    },
    on: (name: string, handler: (event: unknown) => void) => {
      host.handlers.set(name, handler);
      for (const event of host.waiting.get(name) ?? []) handler(event);
      return () => undefined;
    },
  }),
}));

const TEMPLATE = instantiateTemplate('mnist-cnn-bn');
const OWN = { id: TEMPLATE.id, name: TEMPLATE.name, hash: null };
const OTHER = { id: 'other', name: 'Other', hash: null };
const state = (phase: RunPhase, runId = 'r1', given: Partial<RunState> = {}): RunState =>
  runFixture({ phase, runId, project: OWN, ...given });
const emit = (event: LabEvent): void => host.handlers.get(event.event)?.(event);
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('runStore', () => {
  beforeEach(() => {
    vi.stubGlobal('requestAnimationFrame', (work: () => void) => setTimeout(work));
    setActivePinia(createPinia());
    host.connection = shallowRef({ kind: 'open' });
    host.asked.length = 0;
    host.answers.clear();
    host.waiting.clear();
    host.answers.set('run.list', () => []);
    host.answers.set('run.metrics', ({ from }) => ({ events: [], next: from }));
    host.answers.set('data.scan', () => ({ folder: FOLDER, summary: SUMMARY, changes: null }));
    host.answers.set('run.plan', () => PLAN);
    host.answers.set('run.start', () => ({ runId: 'r1' }));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** A project with images, ready to train. */
  async function ready() {
    useProjectStore().open(TEMPLATE);
    const store = useRunStore();
    useDataStore().use('train', FOLDER);
    await settle();
    return store;
  }

  it('takes states that came before it was there', async () => {
    host.waiting.set('runState', [{ event: 'runState', state: state('running') }]);
    host.answers.set('run.list', () => [state('running')]);
    useProjectStore().open(TEMPLATE);
    const store = useRunStore();
    expect(store.runs.map(({ runId }) => runId)).toEqual(['r1']);
    await settle();
    expect(store.current?.phase).toBe('running');
  });

  it('draws a run that trains elsewhere anew when its metrics were cut, and starts beside it', async () => {
    const far = (reading: number): RunState =>
      state('running', 'far', { remote: { ...REMOTE, reading }, lastCheckpointAt: null });
    const step = { epoch: 0.5, loss: 2, accuracy: 0.1, lr: 0.1, imagesPerSecond: 5, elapsedMs: 1 };
    const steps = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ kind: 'step' as const, ...step, step: at + 1 }));
    const onDisk = (count: number) =>
      host.answers.set('run.metrics', ({ from }) => {
        const events = steps(count).slice(Number(from));
        return { events, next: Number(from) + events.length };
      });
    host.answers.set('run.list', () => [far(1)]);
    onDisk(9);
    const store = await ready();
    await settle();
    expect(store.current?.runId).toBe('far');
    expect(store.drawn[0]?.series.steps.length).toBe(9);
    onDisk(4);
    emit({ event: 'runState', state: far(2) });
    emit({ event: 'metrics', runId: 'far', first: 3, events: steps(4).slice(3) });
    await settle();
    expect(store.drawn[0]?.series.steps.length).toBe(4);
    expect(store.blocker).toBeNull();
    expect(store.actions.canStart).toBe(true);
  });

  it('says what stands in the way before there are images', async () => {
    useProjectStore().open(TEMPLATE);
    const store = useRunStore();
    expect(store.blocker).toBe('noData');
    await store.start();
    expect(host.asked).not.toContain('run.plan');
  });

  it('starts a run, follows its state and its metrics', async () => {
    const store = await ready();
    expect(store.blocker).toBeNull();
    host.answers.set('run.list', () => [state('preparing')]);
    await store.start();
    expect(store.current?.phase).toBe('preparing');
    emit({ event: 'runState', state: state('running') });
    const step = { epoch: 0.5, loss: 2, accuracy: 0.1, lr: 0.1, imagesPerSecond: 5, elapsedMs: 1 };
    emit({ event: 'metrics', runId: 'r1', first: 0, events: [{ kind: 'step', step: 1, ...step }] });
    await settle();
    expect(store.actions).toMatchObject({ canPause: true, canStart: false });
    expect(store.version).toBe(1);
    expect(store.drawn[0]?.series.steps.length).toBe(1);
    expect(store.drawn[0]?.series.steps.lastX('epoch')).toBe(0.5);
  });

  it('does not complain that a run just started has no numbers on disk yet, but that an ended one has none', async () => {
    const store = await ready();
    host.answers.set('run.list', () => [state('preparing'), state('finished', 'lost')]);
    host.answers.set('run.metrics', () => {
      throw new AppError('run-not-found', asIs('There is no such run.'));
    });
    await store.start();
    await settle();
    expect(useNoticeStore().notices).toEqual([]);
    const lost = store.runs.find((run) => run.runId === 'lost');
    store.draw(must(lost, 'run'), true);
    await settle();
    expect(useNoticeStore().notices).toMatchObject([{ kind: 'error', text: asIs('There is no such run.') }]);
  });

  it('chooses the folder in one undo step, and undoing it takes it away', async () => {
    await ready();
    const project = useProjectStore();
    expect(project.document.data.trainFolder).toBe('/pictures');
    project.undo();
    await nextTick();
    expect(useDataStore().train.kind).toBe('none');
  });

  it('offers to fit a network to other images', async () => {
    host.answers.set('data.scan', () => ({
      folder: FOLDER,
      summary: { ...SUMMARY, typical: { height: 32, width: 32, channels: 3 } },
    }));
    await ready();
    expect(useDataStore().mismatch).toEqual({ inputShape: [3, 32, 32] });
  });

  it('attaches to a run that is live already, after a reload', async () => {
    host.answers.set('run.list', () => [state('finished', 'old'), state('paused', 'live')]);
    useProjectStore().open(TEMPLATE);
    const store = useRunStore();
    await settle();
    expect(store.current?.runId).toBe('live');
    expect(store.actions.canResume).toBe(true);
  });

  it('catches up after the connection was lost', async () => {
    const store = await ready();
    host.answers.set('run.list', () => [state('running')]);
    host.connection.value = { kind: 'reconnecting' };
    await nextTick();
    expect(store.blocker).toBe('offline');
    host.connection.value = { kind: 'open' };
    await settle();
    expect(store.current?.phase).toBe('running');
  });

  it('can start again when the run it was told of is not there', async () => {
    const store = await ready();
    await store.start();
    expect(store.current).toBeNull();
    expect(store.actions.canStart).toBe(true);
  });

  it('keeps the run in view while the next one is planned', async () => {
    const store = await ready();
    host.answers.set('run.list', () => [state('running')]);
    await store.start();
    emit({ event: 'runState', state: state('finished') });
    await store.plan();
    expect(store.workflow.kind).toBe('ready');
    expect(store.current?.phase).toBe('finished');
  });

  it('keeps the colour of a run, in whatever order runs are drawn', async () => {
    const runs = Array.from({ length: 7 }, (_, i) => state('finished', `r${i}`));
    host.answers.set('run.list', () => runs);
    const store = useRunStore();
    await settle();
    for (const run of runs) store.draw(run, true);
    const colors = new Map(store.colors);
    expect(new Set(colors.values()).size).toBe(7);
    for (const run of runs) store.draw(run, false);
    for (const run of runs.toReversed()) store.draw(run, true);
    for (const { runId } of runs) expect(store.colors.get(runId)).toBe(colors.get(runId));
  });

  it('reads the numbers of a run anew that is taken up from its checkpoint', async () => {
    host.answers.set('run.list', () => [state('interrupted')]);
    const store = await ready();
    const step = { epoch: 1, loss: 2, accuracy: 0.1, lr: 0.1, imagesPerSecond: 5, elapsedMs: 1 };
    const events = [1, 2, 3].map((n) => ({ kind: 'step', step: n, ...step }));
    host.answers.set('run.metrics', ({ from }) => ({
      events: events.slice(Number(from)),
      next: Math.max(Number(from), events.length),
    }));
    store.draw(state('interrupted'), true);
    await settle();
    expect(store.drawn[0]?.series.steps.length).toBe(3);
    emit({ event: 'runState', state: state('preparing') });
    events.length = 1;
    emit({ event: 'runState', state: state('running') });
    await settle();
    expect(store.drawn[0]?.series.steps.length).toBe(1);
  });

  it('shows a project its own runs, though another has blocks of the same names; others only when asked', async () => {
    const foreign = state('running', 'theirs', { project: OTHER });
    host.answers.set('run.list', () => [foreign, state('stopped', 'ours')]);
    const store = await ready();
    expect(store.runs.map(({ runId }) => runId)).toEqual(['ours']);
    expect(store.current?.runId).toBe('ours');
    expect(store.drawn.map(({ runId }) => runId)).toEqual(['ours']);
    expect(store.actions).toMatchObject({ canPause: false, canStart: true });
    expect(store.blocker).toBe('otherRun');
    store.showsOthers = true;
    store.pick(foreign);
    await settle();
    expect(store.current?.runId).toBe('theirs');
    expect(store.drawn.map(({ name }) => name)).toEqual(['theirs (Other)', 'ours']);
    store.showsOthers = false;
    expect(store.current?.runId).toBe('ours');
    expect(store.drawn.map(({ runId }) => runId)).toEqual(['ours']);
    useProjectStore().open({ ...TEMPLATE, id: toProjectId('other') });
    await settle();
    expect(store.current?.runId).toBe('theirs');
    expect(store.actions).toMatchObject({ canPause: true, canStart: false });
    expect(store.blockers).not.toContain('otherRun');
  });

  it('brings the newest run of a project into view after a restart, draws it once, and lets it be taken off', async () => {
    host.answers.set('run.list', () => [state('interrupted', 'new'), state('finished', 'old')]);
    const store = await ready();
    expect(store.current?.runId).toBe('new');
    expect([...store.colors.keys()]).toEqual(['new']);
    store.draw(must(store.current, 'run'), false);
    useProjectStore().open({ ...TEMPLATE, id: toProjectId('other') });
    await nextTick();
    expect(store.current).toBeNull();
    useProjectStore().activate('tab1');
    await settle();
    expect([...store.colors.keys()]).toEqual([]);
  });

  it('gives the run of a start to the project that asked for it', async () => {
    const store = await ready();
    host.answers.set('run.start', () => {
      useProjectStore().open({ ...TEMPLATE, id: toProjectId('other') });
      host.answers.set('run.list', () => [state('preparing')]);
      return { runId: 'r1' };
    });
    await store.start();
    expect(store.current).toBeNull();
    expect(store.workflow.kind).toBe('idle');
    useProjectStore().activate('tab1');
    expect(store.current?.runId).toBe('r1');
    expect(store.workflow.kind).toBe('attached');
  });

  it('renames a run at once, forgets one that was deleted, and says what went wrong', async () => {
    host.answers.set('run.list', () => [state('finished')]);
    const store = await ready();
    host.answers.set('run.describe', ({ name }) => state('finished', 'r1', { name: String(name) }));
    expect(await store.describe('r1', { name: 'better' })).toBe(true);
    expect(store.current?.name).toBe('better');
    host.answers.set('run.describe', () => {
      throw new AppError('disk-full', asIs('The disk is full.'));
    });
    expect(await store.describe('r1', { note: 'x' })).toBe(false);
    expect(useNoticeStore().notices).toMatchObject([{ text: asIs('The disk is full.') }]);
    emit({ event: 'runDeleted', runId: 'r1' });
    expect([store.runs, store.drawn, store.current]).toEqual([[], [], null]);
  });
});
