import { createPinia, setActivePinia } from 'pinia';
import { shallowRef } from 'vue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabEvent } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { createDocument } from '#core/document/create.ts';
import { asIs, message } from '#core/words/message.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { runFixture } from '../../runs/testing/runFixture.ts';
import { useEvaluationStore } from '../state/evaluationStore.ts';
import { useLookStore } from './lookStore.ts';
import { usePictureStore } from './pictureStore.ts';

/** A lab host with the methods that these tests need. */
type Answer = (params: Record<string, unknown>) => unknown;
const host = vi.hoisted(() => ({
  answers: new Map<string, (params: Record<string, unknown>) => unknown>(),
  asked: [] as [string, Record<string, unknown>][],
  handlers: new Map<string, Set<(event: unknown) => void>>(),
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
      host.handlers.set(name, (host.handlers.get(name) ?? new Set()).add(handler));
      return () => undefined;
    },
  }),
}));

const emit = (event: LabEvent): void => host.handlers.get(event.event)?.forEach((handler) => handler(event));
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const askedOf = (method: string) =>
  host.asked.filter(([name]) => name === method).map(([, params]) => params);
const bytes = (base64: string) => ({ kind: 'bytes' as const, name: `${base64}.png`, base64 });
const floats = (...values: number[]): string =>
  Buffer.from(Float32Array.from(values).buffer).toString('base64');
const block = (name: string, hasMap: boolean, filters: number[] | null = null) => ({
  ...{
    block: name,
    kind: 'conv2d',
    channels: 2,
    height: hasMap ? 4 : 1,
    width: hasMap ? 4 : 1,
    hasMap,
    filters,
  },
});
const INFO = {
  classNames: ['cat', 'dog'],
  input: { channels: 1, height: 10, width: 10 },
  hasBatchNorm: true,
  statistics: ['stored', 'moving', 'exact', 'kind', 'random'],
  blocks: [block('conv1', true, [2, 1, 3, 3]), block('pool', true), block('dense', false)],
};
const STORED = { logits: [0, 1], probabilities: [0.27, 0.73] };

function shown({ picture }: Record<string, unknown>) {
  const { base64 = 'evaluated' } = picture as { base64?: string };
  const tensor = { shape: [1, 1, 1], values: floats(0) };
  return { pictureId: `p-${base64}`, name: base64, width: 1, height: 1, preview: '', bytes: 'AA==', tensor };
}

/** An answer that the test sends when it chooses. */
function held(method: string, statistics?: string) {
  const settle: { resolve?: (value: unknown) => void; reject?: (error: Error) => void } = {};
  const promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
  const former = host.answers.get(method) as Answer;
  host.answers.set(method, (params) =>
    statistics === undefined || params['statistics'] === statistics ? promise : former(params),
  );
  return {
    resolve: (value: unknown): void => settle.resolve?.(value),
    reject: (error: Error): void => settle.reject?.(error),
  };
}

beforeEach(async () => {
  setActivePinia(createPinia());
  host.connection = shallowRef({ kind: 'open' });
  host.asked.length = 0;
  host.answers.clear();
  host.handlers.clear();
  const runs = ['b', 'a'].map((runId) => runFixture({ runId, lastCheckpointAt: 1 }));
  host.answers.set('run.list', () => runs);
  host.answers.set('run.metrics', ({ from }) => ({ events: [], next: from }));
  host.answers.set('evaluation.list', () => []);
  host.answers.set('picture.open', () => ({ ...INFO }));
  host.answers.set('picture.show', shown);
  host.answers.set('picture.cancel', () => ({}));
  host.answers.set('picture.map', () => ({
    map: { shape: [1, 1], values: floats(1) },
    logit: 1,
    elapsedMs: 2,
  }));
  host.answers.set('picture.classify', ({ statistics }) => ({
    answers: statistics === 'random' ? [STORED, { logits: [2, 1], probabilities: [0.73, 0.27] }] : [STORED],
    companions: 50,
  }));
  useProjectStore().open(createDocument('Birds', 'p1'));
  usePictureStore().isShown = true;
  await settle();
});

describe('the picture that is tried', () => {
  it('opens the chosen network once, shows the picture and classifies it, the cheapest first', async () => {
    const store = usePictureStore();
    await store.show(bytes('one'));
    expect(askedOf('picture.open')).toMatchObject([{ runId: 'b', checkpoint: 'last' }]);
    expect(store.shown?.name).toBe('one');
    expect(askedOf('picture.classify').map(({ statistics }) => statistics)).toEqual([
      ...['stored', 'moving', 'kind', 'random'],
    ]);
    expect(store.decided).toBe(1);
    expect(store.answers.get('random')).toMatchObject({ kind: 'done', companions: 50 });
    expect(store.history.map(({ name }) => name)).toEqual(['one']);
  });

  it('measures exact statistics when asked for, and from then on for each picture of this network', async () => {
    const store = usePictureStore();
    await store.show(bytes('one'));
    const answer = held('picture.classify', 'exact');
    const done = store.ask('exact');
    const [{ taskId = '' } = {}] = askedOf('picture.classify').slice(-1);
    const progress = { label: message('work.measuring'), done: 3, total: 9 };
    emit({ event: 'pictureProgress', taskId: String(taskId), progress });
    expect(store.works.get('exact')).toMatchObject({ work: { progress } });
    answer.resolve({ answers: [STORED], companions: 0 });
    await done;
    expect(store.works.size).toBe(0);
    await store.show(bytes('two'));
    expect(askedOf('picture.classify').map(({ statistics }) => statistics)).toContain('exact');
    useEvaluationStore().chooseRun('a');
    await settle();
    expect(askedOf('picture.open')).toHaveLength(2);
    expect(store.shown?.name).toBe('two');
    expect(store.answers.has('exact')).toBe(false);
  });

  it('cancels a measurement at once, without an error', async () => {
    const store = usePictureStore();
    await store.show(bytes('one'));
    const answer = held('picture.classify', 'exact');
    const done = store.ask('exact');
    store.cancel('exact');
    expect(store.works.has('exact')).toBe(false);
    expect(askedOf('picture.cancel')).toHaveLength(1);
    answer.reject(new AppError('interrupted', asIs('stopped')));
    await done;
    expect(store.answers.has('exact')).toBe(false);
  });

  it('gives way to a newer picture: late answers are not shown', async () => {
    const store = usePictureStore();
    const first = held('picture.classify', 'random');
    const one = store.show(bytes('one'));
    await settle();
    host.answers.set('picture.classify', () => ({ answers: [STORED], companions: 0 }));
    await store.show(bytes('two'));
    expect(askedOf('picture.cancel')).toHaveLength(1);
    first.resolve({ answers: [STORED, STORED, STORED], companions: 50 });
    await one;
    expect(store.shown?.name).toBe('two');
    expect(store.answers.get('random')).toMatchObject({ answers: [STORED] });
  });

  it('stays with its answers when the next one cannot be read', async () => {
    const store = usePictureStore();
    await store.show(bytes('one'));
    host.answers.set('picture.show', () => {
      throw new AppError('image-unreadable', asIs('This is no image.'));
    });
    await store.show(bytes('two'));
    expect(store.error).toMatchObject({ code: 'image-unreadable' });
    expect(store.shown?.name).toBe('one');
    expect(store.answers.get('stored')).toMatchObject({ kind: 'done' });
    expect(store.isLoading).toBe(false);
  });

  it('is sent again where the lab keeps it no longer, and its network is opened again if need be', async () => {
    const store = usePictureStore();
    await store.show(bytes('one'));
    let isGone = true;
    const gone = () => {
      if (isGone) throw new AppError('picture-gone', asIs('gone'));
    };
    for (const method of ['picture.classify', 'picture.show']) {
      const former = host.answers.get(method) as Answer;
      host.answers.set(method, (params) => (gone(), former(params)));
    }
    host.answers.set('picture.open', () => {
      isGone = false;
      return { ...INFO };
    });
    expect(await store.ask('moving')).toBe(true);
    expect(askedOf('picture.open')).toHaveLength(2);
  });

  it('comes from another view, on the network of its run', async () => {
    const evaluation = useEvaluationStore();
    const store = usePictureStore();
    store.isShown = false;
    evaluation.showPicture({ key: { runId: 'a', id: '0123456789abcdef' }, image: 7 });
    await settle();
    expect(askedOf('picture.show')).toEqual([]);
    store.isShown = true;
    await settle();
    expect(store.shown?.source).toMatchObject({ kind: 'evaluated', image: 7 });
    expect(askedOf('picture.open').at(-1)).toMatchObject({ runId: 'a' });
    expect(evaluation.sent).toBeNull();
  });

  it('asks only the stored statistics while comparing is off, and for a live picture', async () => {
    const store = usePictureStore();
    store.settings.isComparing = false;
    await store.show(bytes('one'));
    expect(await store.glance(bytes('live'))).toEqual(STORED);
    expect(askedOf('picture.classify').map(({ statistics }) => statistics)).toEqual(['stored', 'stored']);
    expect([store.shown?.name, store.history.length]).toEqual(['one', 1]);
  });
});

describe('what the network looked at', () => {
  it('is computed for the decided class at the last block with a map, and again for another choice', async () => {
    const store = usePictureStore();
    const look = useLookStore();
    await store.show(bytes('one'));
    await settle();
    expect(askedOf('picture.map')).toMatchObject([{ block: 'pool', class: 1, method: 'grad-cam' }]);
    expect(look.view).toMatchObject({ kind: 'ready', value: 1 });
    store.chosenClass = 0;
    await settle();
    look.method = 'grad-cam++';
    look.chosen = 'conv1';
    await settle();
    expect(askedOf('picture.map').slice(1)).toMatchObject([
      { block: 'pool', class: 0, method: 'grad-cam' },
      { block: 'conv1', class: 0, method: 'grad-cam++' },
    ]);
  });

  it('says that a chosen block has no map, and shows the kernels of the first block', async () => {
    const look = useLookStore();
    await usePictureStore().show(bytes('one'));
    look.chosen = 'dense';
    expect([look.block?.block, look.isReplaced]).toEqual(['pool', true]);
    look.side = 'features';
    expect([look.block?.block, look.isReplaced]).toEqual(['dense', false]);
    look.side = 'filters';
    expect([look.block?.block, look.isReplaced]).toEqual(['conv1', true]);
    expect([look.hasBlock('pool'), look.hasBlock('elsewhere')]).toEqual([true, false]);
  });

  it('covers the picture only when asked for, in squares of a fifth of it', async () => {
    const look = useLookStore();
    await usePictureStore().show(bytes('one'));
    look.method = 'occlusion';
    await settle();
    expect(look.view.kind).toBe('none');
    host.answers.set('picture.occlude', () => ({
      ...{ map: { shape: [1, 1], values: floats(0.5) }, probability: 0.73, elapsedMs: 3 },
    }));
    await look.compute();
    expect(askedOf('picture.occlude')).toMatchObject([{ class: 1, size: 2, stride: 1 }]);
    expect(look.view).toMatchObject({ kind: 'ready', value: 0.73, map: { shape: [10, 10] } });
    look.cover({ size: 4 });
    await settle();
    expect(look.view.kind).toBe('none');
  });
});
