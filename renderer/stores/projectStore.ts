import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { createDocument } from '#core/document/create.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { Command } from '#core/edit/command.ts';
import {
  bailGesture,
  beginGesture as begin,
  canRedo as canRedoState,
  canUndo as canUndoState,
  commitGesture,
  edit,
  redo as redoState,
  undo as undoState,
  type EditState,
} from '#core/edit/history.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { blockViews } from '../editor/blockView.ts';
import { openTab, withEdit, withSaved, type ProjectFile, type ProjectTab } from './projectTab.ts';

/** Stands in while no project is open, so that nothing has to ask whether there is a document. */
const NO_DOCUMENT = createDocument('-', 'none');

/** The open projects and the one in front. Documents are immutable and change only through `apply`. */
export const useProjectStore = defineStore('project', () => {
  const tabs = shallowRef<readonly ProjectTab[]>([]);
  const activeKey = shallowRef<string | null>(null);
  let nextKey = 1;

  const active = computed(() => tabs.value.find((tab) => tab.key === activeKey.value) ?? null);
  const document = computed(() => active.value?.edit.document ?? NO_DOCUMENT);
  const file = computed(() => active.value?.file ?? null);
  const isDirty = computed(() => active.value?.isDirty ?? false);
  const graph = computed(() => document.value.graph);
  /** Depends on the graph alone: moving a block checks nothing. */
  const report = computed(() => checkGraph(graph.value));
  const views = computed(() => blockViews(graph.value, report.value));
  const canUndo = computed(() => active.value !== null && canUndoState(active.value.edit));
  const canRedo = computed(() => active.value !== null && canRedoState(active.value.edit));

  function replace(next: ProjectTab): void {
    tabs.value = tabs.value.map((tab) => (tab.key === next.key ? next : tab));
  }

  function change(step: (state: EditState) => EditState): void {
    if (active.value) replace(withEdit(active.value, step(active.value.edit)));
  }

  /** Carries a command out on the project in front; gives the reason when it was refused and nothing changed. */
  function apply(command: Command): string | null {
    if (!active.value) return null;
    const { state, refusal } = edit(active.value.edit, command);
    replace(withEdit(active.value, state));
    return refusal;
  }

  /** Several commands as one undo step; all of them, or none with the reason of the first that was refused. */
  function applyAll(label: string, commands: readonly Command[]): string | null {
    const before = active.value;
    if (!before) return null;
    const isOpen = before.edit.gesture !== null;
    let state = isOpen ? before.edit : begin(before.edit, label);
    for (const command of commands) {
      const result = edit(state, command);
      if (result.refusal !== null) return result.refusal;
      ({ state } = result);
    }
    replace(withEdit(before, isOpen ? state : commitGesture(state)));
    return null;
  }

  const undo = (): void => change(undoState);
  const redo = (): void => change(redoState);
  /** All edits until `endGesture` become one undo step: a drag, the typing of one value. */
  const beginGesture = (label = 'setParam'): void => change((state) => begin(state, label));
  const endGesture = (): void => change(commitGesture);
  const cancelGesture = (): void => change(bailGesture);

  /**
   * Opens a document in a new tab and shows it; the file that is open already is shown instead. `isUnsaved`: recovered work, which
   * stands in no file as it is.
   */
  function open(
    opened: GraphDocument,
    options: { readonly file?: ProjectFile | null; readonly isUnsaved?: boolean } = {},
  ): void {
    const { file: from = null, isUnsaved = false } = options;
    const twin = from && tabs.value.find((tab) => tab.file?.path === from.path);
    if (twin && !isUnsaved) {
      activate(twin.key);
      return;
    }
    const tab = openTab(`tab${nextKey}`, opened, from, isUnsaved ? null : opened);
    nextKey += 1;
    tabs.value = [...tabs.value, tab];
    activate(tab.key);
  }

  function activate(key: string): void {
    if (key === activeKey.value) return;
    endGesture();
    activeKey.value = key;
  }

  /** Closes a tab without asking; the neighbour comes to the front. */
  function close(key: string): void {
    const at = tabs.value.findIndex((tab) => tab.key === key);
    if (at < 0) return;
    tabs.value = tabs.value.filter((tab) => tab.key !== key);
    if (activeKey.value === key) activeKey.value = (tabs.value[at] ?? tabs.value[at - 1])?.key ?? null;
  }

  function markSaved(key: string, saved: GraphDocument, to: ProjectFile): void {
    const tab = tabs.value.find((candidate) => candidate.key === key);
    if (tab) replace(withSaved(tab, saved, to));
  }

  return {
    tabs,
    activeKey,
    active,
    document,
    file,
    isDirty,
    report,
    views,
    canUndo,
    canRedo,
    apply,
    applyAll,
    undo,
    redo,
    beginGesture,
    endGesture,
    cancelGesture,
    open,
    activate,
    close,
    markSaved,
  };
});
