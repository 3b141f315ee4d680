import { defineStore } from 'pinia';
import { computed } from 'vue';
import { createDocument } from '#core/document/create.ts';
import type { Command } from '#core/edit/command.ts';
import {
  bailGesture,
  beginGesture as begin,
  canRedo as canRedoState,
  canUndo as canUndoState,
  commitGesture,
  redo as redoState,
  undo as undoState,
  type EditState,
} from '#core/edit/history.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { Message } from '#core/words/message.ts';
import { withCommands, withEdit } from './projectTab.ts';
import { useProjectTabs } from './projectTabs.ts';

/** Used while no project is open, so that nothing has to check whether there is a document. */
const NO_DOCUMENT = createDocument('-', 'none');

/** The open projects and the active one. Documents are immutable and change only through `apply`. */
export const useProjectStore = defineStore('project', () => {
  const { tabs, activeKey, active, replace, activate, open, close, markSaved, setFile, reread } =
    useProjectTabs();
  const document = computed(() => active.value?.edit.document ?? NO_DOCUMENT);
  const file = computed(() => active.value?.file ?? null);
  const isDirty = computed(() => active.value?.isDirty ?? false);
  const graph = computed(() => document.value.graph);
  const training = computed(() => document.value.training);
  const hasTrainedStart = computed(() => document.value.start !== undefined);
  /** Depends on graph, training settings and starting weights: moving a block runs no check. */
  const report = computed(() =>
    checkGraph(graph.value, training.value, { hasTrainedStart: hasTrainedStart.value }),
  );
  const canUndo = computed(() => active.value !== null && canUndoState(active.value.edit));
  const canRedo = computed(() => active.value !== null && canRedoState(active.value.edit));

  function change(step: (state: EditState) => EditState): void {
    if (active.value) replace(withEdit(active.value, step(active.value.edit)));
  }

  /**
   * Applies several commands as one undo step to the active project; returns the reason when they were refused and
   * nothing changed.
   */
  function applyAll(label: string, commands: readonly Command[]): Message | null {
    if (!active.value) return null;
    const { tab, refusal } = withCommands(active.value, label, commands);
    replace(tab);
    return refusal;
  }

  const apply = (command: Command): Message | null => applyAll(command.type, [command]);
  const undo = (): void => change(undoState);
  const redo = (): void => change(redoState);
  /** All edits until `endGesture` become one undo step: a drag, the typing of one value. */
  const beginGesture = (label = 'setParam'): void => change((state) => begin(state, label));
  const endGesture = (): void => change(commitGesture);
  const cancelGesture = (): void => change(bailGesture);

  return {
    tabs,
    activeKey,
    active,
    document,
    file,
    isDirty,
    report,
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
    setFile,
    reread,
  };
});
