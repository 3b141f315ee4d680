import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { sourceText } from '#core/export/sourceLine.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { useSourceStore } from './sourceStore.ts';

const conv = toNodeId('conv1');

describe('sourceStore', () => {
  let project: ReturnType<typeof useProjectStore>;
  let store: ReturnType<typeof useSourceStore>;
  const text = (): string => sourceText(store.source?.lines ?? []);
  const setFilters = (value: number): void => {
    project.apply({ type: 'setParam', node: conv, param: 'filters', value });
  };
  /** Lets the watchers see an edit, and time pass. */
  async function settle(elapsedMs = 500): Promise<void> {
    await nextTick();
    await vi.advanceTimersByTimeAsync(elapsedMs);
  }

  beforeEach(() => {
    vi.useFakeTimers();
    setActivePinia(createPinia());
    project = useProjectStore();
    store = useSourceStore();
  });
  afterEach(() => vi.useRealTimers());

  it('has none without a project, and that of a project as soon as it is open', async () => {
    expect(store.source).toBeNull();
    project.open(instantiateTemplate('mnist-cnn-bn'));
    await settle(0);
    expect(text()).toContain('nn.Conv2d(1, 32, ');
    expect(store.isStale).toBe(false);
  });

  it('follows edits once they settle, and the chosen framework at once', async () => {
    project.open(instantiateTemplate('mnist-cnn-bn'));
    await settle();
    const before = store.source;
    for (const value of [4, 48]) {
      setFilters(value);
      await settle(20);
    }
    expect(store.source).toBe(before);
    await settle();
    expect(text()).toContain('nn.Conv2d(1, 48, ');
    project.apply({ type: 'rename', name: 'Another' });
    await settle();
    expect(text()).toContain('PROJECT = "Another"');
    store.format = 'keras';
    expect(text()).toContain('layers.Conv2D(filters=48');
  });

  it('does not write again when only a block is moved', async () => {
    project.open(instantiateTemplate('mnist-cnn-bn'));
    await settle();
    const before = store.source;
    project.apply({ type: 'moveNodes', positions: { [conv]: { x: 900, y: 900 } } });
    await settle();
    expect(store.source).toBe(before);
  });

  it('can be brought up to date before the edits settle, and is not written twice', async () => {
    project.open(instantiateTemplate('mnist-cnn-bn'));
    await settle();
    setFilters(48);
    await settle(0);
    store.settle();
    const written = store.source;
    expect(text()).toContain('nn.Conv2d(1, 48, ');
    await settle();
    expect(store.source).toBe(written);
  });

  it('keeps the last valid source while the network has errors, in either framework', async () => {
    project.open(instantiateTemplate('mnist-cnn-bn'));
    await settle();
    const before = text();
    setFilters(-1);
    await settle();
    expect(store.isStale).toBe(true);
    expect(text()).toBe(before);
    store.format = 'keras';
    expect(text()).toContain('layers.Conv2D(filters=32');
    setFilters(8);
    await settle();
    expect(store.isStale).toBe(false);
    expect(text()).toContain('filters=8');
  });

  it('shows no project the source of another', async () => {
    project.open(instantiateTemplate('mnist-cnn-bn'));
    await settle();
    const first = project.activeKey ?? '';
    const empty = instantiateTemplate('vgg-bn', { id: 'other' });
    project.open({ ...empty, graph: { nodes: {}, wires: {} } });
    await settle();
    expect(store.source).toBeNull();
    expect(store.isStale).toBe(true);
    project.activate(first);
    await settle(0);
    expect(text()).toContain('nn.Conv2d(1, 32, ');
    expect(store.isStale).toBe(false);
  });
});
