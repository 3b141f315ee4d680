import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { must } from '#core/diagnostics/invariantError.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { keepHistory } from '#core/edit/keptHistory.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { told } from '#core/words/testing.ts';
import { savedAs } from './fileActions.ts';
import { useProjectStore } from './projectStore.ts';
import type { ProjectFile } from './projectTab.ts';

const FILE: ProjectFile = { grant: 'g1', path: '/somewhere/net.normlab.json', name: 'net.normlab.json' };
const network = instantiateTemplate('mnist-cnn-bn');
const conv = toNodeId('conv1');
const filters = (store: ReturnType<typeof useProjectStore>): unknown =>
  store.document.graph.nodes[conv]?.params['filters'];

describe('projectStore', () => {
  let store: ReturnType<typeof useProjectStore>;
  beforeEach(() => {
    setActivePinia(createPinia());
    store = useProjectStore();
  });

  it('stands without a project', () => {
    expect(store.active).toBeNull();
    expect(store.document.graph.nodes).toEqual({});
    expect(store.apply({ type: 'rename', name: 'x' })).toBeNull();
    expect(store.canUndo).toBe(false);
  });

  it('checks each change at once', () => {
    store.open(network);
    store.apply({ type: 'setParam', node: conv, param: 'filters', value: 48 });
    expect(store.report.shapes.get(conv)).toEqual([48, 28, 28]);
    expect(store.report.parameterCounts.get(conv)).toBe(48 * 10);
  });

  it('makes one undo step of a gesture, and none of one that changed nothing', () => {
    store.open(network);
    store.beginGesture();
    store.endGesture();
    expect(store.canUndo).toBe(false);
    store.beginGesture();
    for (const value of [6, 64]) store.apply({ type: 'setParam', node: conv, param: 'filters', value });
    store.endGesture();
    store.undo();
    expect(filters(store)).toBe(32);
    expect(store.canUndo).toBe(false);
    store.redo();
    expect(filters(store)).toBe(64);
  });

  it('does several commands as one step, or none of them', () => {
    store.open(network);
    const refusal = store.applyAll('x', [
      { type: 'setParam', node: conv, param: 'filters', value: 8 },
      { type: 'setParam', node: toNodeId('nobody'), param: 'filters', value: 8 },
    ]);
    expect(told(refusal)).toContain('nobody');
    expect(filters(store)).toBe(32);
    expect(store.canUndo).toBe(false);
    store.applyAll('x', [
      { type: 'setParam', node: conv, param: 'filters', value: 8 },
      { type: 'setParam', node: conv, param: 'kernel', value: 5 },
    ]);
    store.undo();
    expect(store.document.graph).toEqual(network.graph);
  });

  it('joins several commands to the gesture that is open', () => {
    store.open(network);
    store.beginGesture();
    store.applyAll('x', [{ type: 'setParam', node: conv, param: 'filters', value: 8 }]);
    store.applyAll('x', [{ type: 'setParam', node: conv, param: 'filters', value: 16 }]);
    store.endGesture();
    store.undo();
    expect(filters(store)).toBe(32);
  });

  it('knows what is unsaved: undoing back to the saved state is saved again', () => {
    store.open(network, { file: FILE });
    expect(store.isDirty).toBe(false);
    store.apply({ type: 'rename', name: 'other' });
    expect(store.isDirty).toBe(true);
    store.undo();
    expect(store.isDirty).toBe(false);
  });

  it('keeps undo over a save, and what was typed while saving stays unsaved', () => {
    store.open(network);
    store.apply({ type: 'rename', name: 'first' });
    const written = store.document;
    store.apply({ type: 'rename', name: 'second' });
    store.markSaved(store.activeKey ?? '', written, FILE);
    expect(store.file).toEqual(FILE);
    expect(store.isDirty).toBe(true);
    store.undo();
    expect(store.isDirty).toBe(false);
    store.undo();
    expect(store.document.name).toBe(network.name);
    expect(store.isDirty).toBe(true);
  });

  it('holds several projects, each with its own history', () => {
    store.open(network);
    store.apply({ type: 'rename', name: 'one' });
    store.open(instantiateTemplate('bn-mlp'));
    expect(store.tabs).toHaveLength(2);
    expect(store.canUndo).toBe(false);
    const [first] = store.tabs;
    store.activate(first?.key ?? '');
    expect(store.document.name).toBe('one');
    expect(store.canUndo).toBe(true);
  });

  it('shows a file that is open already instead of opening it twice', () => {
    store.open(network, { file: FILE });
    store.open(instantiateTemplate('bn-mlp'));
    store.open(network, { file: { ...FILE, grant: 'g2' } });
    expect(store.tabs).toHaveLength(2);
    expect(store.file?.path).toBe(FILE.path);
  });

  it('takes a file that is opened again as it stands now, unless there are changes of its own', () => {
    const other = { ...network, name: 'changed elsewhere' };
    store.open(network, { file: { ...FILE, version: 'a' } });
    store.open(other, { file: { ...FILE, version: 'b' } });
    expect(store.tabs).toHaveLength(1);
    expect(store.document.name).toBe('changed elsewhere');
    expect(store.file?.version).toBe('b');
    expect(store.isDirty).toBe(false);
    store.apply({ type: 'rename', name: 'mine' });
    store.open(network, { file: { ...FILE, version: 'c' } });
    expect(store.document.name).toBe('mine');
    expect(store.file?.version).toBe('b');
  });

  it('counts recovered work as unsaved until it is saved', () => {
    store.open(network, { file: FILE, isUnsaved: true });
    expect(store.isDirty).toBe(true);
    store.markSaved(store.activeKey ?? '', store.document, FILE);
    expect(store.isDirty).toBe(false);
  });

  it('goes on with the undo steps that were kept beside a document', () => {
    store.open(network);
    store.apply({ type: 'rename', name: 'one' });
    store.apply({ type: 'rename', name: 'two' });
    const { edit } = must(store.active, 'tab');
    const history = keepHistory(edit);
    store.open(edit.document, { isUnsaved: true, history });
    store.undo();
    expect(store.document.name).toBe('one');
    store.undo();
    expect(store.document).toEqual(network);
    store.open(instantiateTemplate('bn-mlp'), { history });
    expect(store.canUndo).toBe(false);
  });

  it('brings the neighbour to the front when a tab is closed', () => {
    for (const name of ['mnist-cnn-bn', 'bn-mlp', 'vgg-bn']) store.open(instantiateTemplate(name));
    const [first, second, third] = store.tabs.map((tab) => tab.key);
    store.activate(second ?? '');
    store.close(second ?? '');
    expect(store.activeKey).toBe(third);
    store.close(third ?? '');
    expect(store.activeKey).toBe(first);
    store.close(first ?? '');
    expect(store.activeKey).toBeNull();
  });

  it('takes the id of the copy that it was saved as, with undo as before and nothing left to save', () => {
    store.open(network, { file: FILE });
    store.apply({ type: 'setParam', node: conv, param: 'filters', value: 48 });
    const tab = must(store.active, 'tab');
    expect(savedAs(tab, FILE.path)).toBe(store.document);
    const copy = savedAs(tab, '/somewhere/else.normlab.json');
    expect(copy).toEqual({ ...store.document, id: copy.id });
    expect(copy.id).not.toBe(network.id);
    store.markSaved(tab.key, copy, { ...FILE, path: '/somewhere/else.normlab.json' });
    expect(store.document.id).toBe(copy.id);
    expect(store.isDirty).toBe(false);
    store.undo();
    expect([filters(store), store.document.id]).toEqual([32, copy.id]);
  });

  it('keeps its id when it is saved for the first time', () => {
    store.open(network);
    expect(savedAs(must(store.active, 'tab'), FILE.path)).toBe(store.document);
  });

  it('gives a copy that was made outside of the lab an id of its own, to be saved with it', () => {
    store.open(network, { file: FILE });
    store.open(network, { file: { ...FILE, path: '/somewhere/copy.normlab.json' } });
    expect(store.tabs).toHaveLength(2);
    expect(store.document.id).not.toBe(network.id);
    expect(store.isDirty).toBe(true);
  });
});
