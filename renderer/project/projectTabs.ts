import { computed, shallowRef } from 'vue';
import { copyDocument } from '#core/document/create.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { commitGesture } from '#core/edit/history.ts';
import { resumeHistory } from '#core/edit/keptHistory.ts';
import { openTab, withEdit, withSaved, type ProjectFile, type ProjectTab } from './projectTab.ts';

/** The open projects and the active one: opening, closing, saved state. Part of the project store. */
export function useProjectTabs() {
  const tabs = shallowRef<readonly ProjectTab[]>([]);
  const activeKey = shallowRef<string | null>(null);
  const active = computed(() => tabs.value.find((tab) => tab.key === activeKey.value) ?? null);
  let nextKey = 1;

  function replace(next: ProjectTab): void {
    tabs.value = tabs.value.map((tab) => (tab.key === next.key ? next : tab));
  }

  function activate(key: string): void {
    if (key === activeKey.value) return;
    if (active.value) replace(withEdit(active.value, commitGesture(active.value.edit)));
    activeKey.value = key;
  }

  /**
   * Opens a document in a new tab and activates it. If the file is already open, its tab is activated instead, with the
   * contents on disk unless it has unsaved changes. `isUnsaved`: recovered work, which no file holds. `history`: undo
   * steps that were kept with it (`core/edit/keptHistory.ts`).
   */
  function open(
    opened: GraphDocument,
    options: {
      readonly file?: ProjectFile | null;
      readonly isUnsaved?: boolean;
      readonly history?: string;
    } = {},
  ): void {
    const { file = null, isUnsaved = false, history = '' } = options;
    const twin = file && tabs.value.find((tab) => tab.file?.path === file.path);
    if (twin && !isUnsaved) {
      if (!twin.isDirty && twin.file?.version !== file.version) takeNewer(twin, opened, file);
      activate(twin.key);
      return;
    }
    const document = isCopyOfOpen(opened, file) ? copyDocument(opened) : opened;
    const tab = openTab(`tab${nextKey}`, resumeHistory(document, history), file, isUnsaved ? null : opened);
    nextKey += 1;
    tabs.value = [...tabs.value, tab];
    activate(tab.key);
  }

  /**
   * A file that was copied outside of the lab: two open projects with one id would share their runs and their recovery
   * copy.
   */
  const isCopyOfOpen = ({ id }: GraphDocument, file: ProjectFile | null): boolean =>
    file !== null &&
    tabs.value.some((tab) => tab.edit.document.id === id && tab.file !== null && tab.file.path !== file.path);

  /** The file was changed elsewhere since, and there are no unsaved changes to lose. */
  function takeNewer(tab: ProjectTab, newer: GraphDocument, file: ProjectFile): void {
    setFile(tab.key, file);
    reread(tab.key, newer, true);
  }

  /** Closes a tab without asking; its neighbour is activated. */
  function close(key: string): void {
    const at = tabs.value.findIndex((tab) => tab.key === key);
    if (at < 0) return;
    tabs.value = tabs.value.filter((tab) => tab.key !== key);
    if (activeKey.value === key) activeKey.value = (tabs.value[at] ?? tabs.value[at - 1])?.key ?? null;
  }

  /** `formerName`: the project's name before the file named it. */
  function markSaved(key: string, saved: GraphDocument, to: ProjectFile, formerName?: string): void {
    change(key, (tab) => withSaved(tab, saved, to, formerName));
  }

  function change(key: string, step: (tab: ProjectTab) => ProjectTab): void {
    const tab = tabs.value.find((candidate) => candidate.key === key);
    if (tab) replace(step(tab));
  }

  /** The same file under a new grant. */
  const setFile = (key: string, file: ProjectFile): void => change(key, (tab) => ({ ...tab, file }));

  /**
   * Replaces the tab's document by a newer one, with the undo steps kept beside it, if any. `isSaved`: the file holds
   * this document.
   */
  const reread = (key: string, newer: GraphDocument, isSaved: boolean, history = ''): void =>
    change(key, (tab) => openTab(key, resumeHistory(newer, history), tab.file, isSaved ? newer : null));

  return { tabs, activeKey, active, replace, activate, open, close, markSaved, setFile, reread };
}
