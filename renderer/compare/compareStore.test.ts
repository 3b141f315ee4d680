import { createPinia, setActivePinia } from 'pinia';
import { shallowRef } from 'vue';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabEvent } from '#core/contract/labApi.ts';
import type { Comparison } from '#core/contract/comparison.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { parseDocument } from '#core/document/parse.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { asIs, message } from '#core/words/message.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { useCompareStore, type Choice } from './compareStore.ts';
import { comparisonText } from './comparisonText.ts';
import { tableOf } from './table/comparisonRows.ts';

/** A lab host with the methods that these tests need. */
const host = vi.hoisted(() => ({
  asked: [] as [string, Record<string, unknown>][],
  answer: (_params: Record<string, unknown>): unknown => ({}),
  handlers: new Map<string, (event: unknown) => void>(),
}));
vi.mock('../client/useLab.ts', () => ({
  useLab: () => ({
    connection: shallowRef({ kind: 'open' }),
    call: async (method: string, params: Record<string, unknown>) => {
      host.asked.push([method, params]);
      return method === 'model.compare' ? host.answer(params) : {};
    },
    on: (name: string, handler: (event: unknown) => void) => {
      host.handlers.set(name, handler);
      return () => undefined;
    },
  }),
}));

const LIST = { rows: [], total: 0 };
const SAME: Comparison = {
  a: { name: 'one.pth', format: 'pytorch', architecture: 'resnet18' },
  b: { name: 'run1', format: 'normlab', architecture: null },
  ...{ isEqual: true, verdict: asIs('equal'), notes: [], differing: 0, graph: null },
  ...{ batchNorm: LIST, tensors: LIST, unpaired: LIST, changes: LIST },
};
const FILE: Choice = { from: { kind: 'file', file: 'g' }, name: 'one.pth' };
const RUN: Choice = { from: { kind: 'run', runId: 'run1' }, name: 'Run 1' };

const emit = (event: LabEvent): void => host.handlers.get(event.event)?.(event);
const comparisons = () =>
  host.asked.filter(([method]) => method === 'model.compare').map(([, params]) => params);

beforeEach(() => {
  setActivePinia(createPinia());
  host.asked.length = 0;
  host.answer = () => SAME;
});

describe('the comparison of two models', () => {
  it('starts when both sides have one, with the weights that were chosen', async () => {
    const store = useCompareStore();
    store.startWith(RUN);
    expect([store.canStart, store.choosing]).toEqual([false, 'b']);
    store.choose('b', FILE);
    expect([store.canStart, store.choosing]).toEqual([true, null]);
    store.chooseCheckpoint('a', 'best');
    await store.start();
    expect(comparisons()[0]).toMatchObject({
      a: { kind: 'run', runId: 'run1', checkpoint: 'best' },
      b: { kind: 'file', file: 'g' },
    });
    expect(store.state).toMatchObject({ kind: 'done', names: { a: 'Run 1', b: 'one.pth' } });
  });

  it('is made anew when the sides are exchanged, and forgotten when one is chosen anew', async () => {
    const store = useCompareStore();
    store.choose('a', FILE);
    store.choose('b', RUN);
    await store.swap();
    expect(comparisons()).toEqual([]);
    await store.start();
    await store.swap();
    expect(comparisons().map(({ a }) => (a as { kind: string }).kind)).toEqual(['run', 'file']);
    store.choose('b', FILE);
    expect(store.state).toEqual({ kind: 'idle' });
  });

  it('sends an open project as it is now, and refuses one that was closed', async () => {
    const project = useProjectStore();
    project.open({ ...tinyDocument(), name: 'Birds' });
    const key = project.active?.key ?? '';
    const store = useCompareStore();
    store.choose('a', { from: { kind: 'project', key }, name: 'Birds' });
    store.choose('b', FILE);
    await store.start();
    const sent = comparisons()[0]?.a as { name: string; project: string };
    expect(sent.name).toBe('Birds');
    expect(parseDocument(sent.project).ok).toBe(true);
    project.close(key);
    await store.start();
    expect(comparisons().length).toBe(1);
    expect(store.state).toMatchObject({
      kind: 'failed',
      error: { message: message('comparing.projectGone', { name: 'Birds', side: 'A' }) },
    });
  });

  it('shows its own progress, is cancelled, and ignores an answer that comes too late', async () => {
    let answer: (comparison: Comparison) => void = () => undefined;
    host.answer = () => new Promise((resolve) => (answer = resolve));
    const store = useCompareStore();
    store.choose('a', FILE);
    store.choose('b', RUN);
    const done = store.start();
    const importId = String(comparisons()[0]?.['importId']);
    const progress = { label: message('comparing.tensors'), done: 1, total: 2 };
    emit({ event: 'modelProgress', importId: 'another', progress });
    expect(store.state).toMatchObject({ kind: 'working', work: { progress: null } });
    emit({ event: 'modelProgress', importId, progress });
    expect(store.state).toMatchObject({ kind: 'working', work: { progress } });
    store.choose('a', RUN);
    expect(host.asked.at(-1)).toEqual(['model.cancel', { importId }]);
    answer(SAME);
    await done;
    expect(store.state).toEqual({ kind: 'idle' });
  });

  it('shows why it failed, unless it was cancelled', async () => {
    const store = useCompareStore();
    store.choose('a', FILE);
    store.choose('b', RUN);
    host.answer = () => {
      throw new AppError('model-invalid', asIs('broken'), { where: 'one.pth' });
    };
    await store.start();
    expect(store.state).toMatchObject({ kind: 'failed', error: { where: 'one.pth' } });
    host.answer = () => {
      throw new AppError('interrupted', asIs('cancelled'));
    };
    await store.start();
    expect(store.state).toEqual({ kind: 'idle' });
  });
});

describe('the tables of a comparison', () => {
  const setting = (name: string, a: number | string | boolean, b: typeof a) => ({
    name,
    a,
    b,
    differs: a !== b,
  });
  const same = { absolute: 0, relative: 0 };
  const found: Comparison = {
    ...SAME,
    batchNorm: {
      total: 1,
      rows: [
        {
          ...{ block: null, a: 'bn1', b: 'norm', isEqual: false, channelsA: 4, channelsB: 4 },
          settings: [
            setting('epsilon', 1e-5, 1e-3),
            setting('decay', 0.9, 0.9),
            setting('variance', 'unbiased', 'biased'),
            setting('trainGamma', true, false),
          ],
          ...{ mean: { absolute: 0.25, relative: 0.125 }, variance: same, gamma: null, beta: same },
          scale: { relative: 0.5, notFinite: 0 },
        },
      ],
    },
    differing: 1,
    tensors: {
      total: 5000,
      rows: [
        {
          ...{ block: null, a: 'bn1.mean', b: 'norm.mean', dims: [4], isEqual: false, ofBatchNorm: true },
          ...{ elements: 4, differing: 1, absolute: 0.25, relative: 0.125 },
          ...{ notFinite: 0, notFiniteA: 0, notFiniteB: 0 },
        },
      ],
    },
  };

  it('show settings that differ side by side, and each difference with its share', () => {
    const [row] = tableOf('norms', found).rows;
    expect(row?.cells.map(({ text }) => text)).toEqual([
      ...['bn1 | norm', '1e-5 → 1e-3', '0.9', 'Unbiased → Biased'],
      ...['0.25 (13 %)', '0', '—', '0', '50 %', 'Train gamma: on → off'],
    ]);
    expect(row?.cells.map(({ differs }) => differs === true)).toEqual([
      false,
      true,
      false,
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('are copied with the names that the user knows, and say what is left out', () => {
    const text = comparisonText(found, { a: 'one.pth', b: 'Run 1' });
    expect(text).toContain('A: one.pth (resnet18)\nB: Run 1 (normlab)\nequal\n');
    expect(text).toContain('bn1.mean | norm.mean\t0.25\t12.5 %\t25 %\t4\t0');
    expect(text).toContain('Shown: the first 1 of 5000 rows.');
  });
});
