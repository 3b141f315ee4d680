import { fromErrorData, toErrorData } from '#core/diagnostics/appError.ts';
import { copyDocument } from '#core/document/create.ts';
import { parseDocument } from '#core/document/parse.ts';
import { PROJECT_EXTENSION, type GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { useLab } from '../client/useLab.ts';
import type { SaveTarget } from '../client/shellBridge.ts';
import { pickProject, saveProjectAs } from '../files/useFileDialog.ts';
import { useNoticeStore } from '../app/noticeStore.ts';
import { useProjectStore } from './projectStore.ts';
import { fileStem, type ProjectFile, type ProjectTab } from './projectTab.ts';
import { useUiStore } from '../app/uiStore.ts';
import { say } from '../messages/said.ts';
import { freeProjectName, isUntitled } from './projectNames.ts';
import { dropCopies } from './recoveryCopies.ts';

/** The project in `text`; throws `AppError` with the reason when there is none. */
export function readProject(text: string): GraphDocument {
  const parsed = parseDocument(text);
  if (!parsed.ok) throw fromErrorData(parsed.error);
  return parsed.document;
}

/** A file name for a project: its name without characters that file systems refuse. */
export function suggestedFileName(name: string): string {
  const tidy = name
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  return `${tidy || 'project'}${PROJECT_EXTENSION}`;
}

/**
 * The document to write for a tab at `path`. In another file than the tab's own it is a copy, and a project of its own.
 */
export function savedAs({ edit, file }: ProjectTab, path: string): GraphDocument {
  return file === null || file.path === path ? edit.document : copyDocument(edit.document);
}

/** Writes tabs to files: each function returns true when the file holds the tab's contents. */
function useSaving() {
  const lab = useLab();
  const project = useProjectStore();
  const notices = useNoticeStore();
  const ui = useUiStore();

  /**
   * Writes `document` as the tab's contents; returns true when the file holds them. A project that the user has not
   * named takes the name of its file.
   */
  async function write(
    tab: ProjectTab,
    target: SaveTarget,
    asked: GraphDocument = tab.edit.document,
    fileName = tab.file?.name,
  ): Promise<boolean> {
    const isNamed = fileName === undefined || !isUntitled(asked.name);
    const document = isNamed ? asked : { ...asked, name: fileStem(fileName).slice(0, 120) };
    try {
      const file = await lab.call('project.save', { project: serializeDocument(document), target });
      project.markSaved(tab.key, document, file, asked.name);
      await dropCopies(lab, tab, file);
      notices.show({ kind: 'ok', text: say('shell.files.saved', { name: file.name }) });
      return true;
    } catch (thrown) {
      if (toErrorData(thrown).code === 'project-changed') ui.changedTab = tab.key;
      else notices.showError(thrown);
      return false;
    }
  }

  /** This host does not know a grant of an earlier one: the path gets a new grant. */
  async function currentGrant(file: ProjectFile): Promise<string> {
    try {
      return (await lab.call('files.grant', { path: file.path })).grant;
    } catch {
      return file.grant;
    }
  }

  async function saveTabAs(tab: ProjectTab): Promise<boolean> {
    const picked = await saveProjectAs(tab.file?.name ?? suggestedFileName(tab.name));
    return picked !== null && write(tab, picked.target, savedAs(tab, picked.path), picked.name);
  }

  async function saveTab(tab: ProjectTab): Promise<boolean> {
    if (tab.file === null) return saveTabAs(tab);
    return write(tab, { file: await currentGrant(tab.file), version: tab.file.version });
  }

  /** Saves over the present contents of the file. */
  async function overwrite(tab: ProjectTab): Promise<boolean> {
    return tab.file !== null && write(tab, { file: await currentGrant(tab.file) });
  }

  return { saveTab, saveTabAs, overwrite };
}

/** New, open, save, close: each shows its failure as a notice and then changes nothing. */
export function useFileActions() {
  const lab = useLab();
  const project = useProjectStore();
  const notices = useNoticeStore();
  const ui = useUiStore();

  const saving = useSaving();

  /** Opens a new project, under a name that no other tab has; the welcome page closes. */
  function begin(made: GraphDocument): void {
    const taken = project.tabs.map(({ name }) => name);
    project.open({ ...made, name: freeProjectName(made.name, taken) });
    ui.isWelcomeOpen = false;
  }

  /** Opens a project file; the welcome page closes. */
  async function openFile(file: ProjectFile): Promise<void> {
    try {
      const opened = await lab.call('project.open', { file: file.grant });
      project.open(readProject(opened.project), { file: opened.file });
      ui.isWelcomeOpen = false;
    } catch (thrown) {
      const { code, message, detail } = toErrorData(thrown);
      notices.show({ kind: 'error', text: message, where: file.path, detail: detail ?? code });
    }
  }

  async function open(): Promise<void> {
    const file = await pickProject();
    if (file) await openFile(file);
  }

  /** Closes a tab; with unsaved changes, after an answer (see CloseDialog.vue). */
  function close(key: string): void {
    const tab = project.tabs.find((candidate) => candidate.key === key);
    if (tab?.isDirty) ui.closingTab = key;
    else discard(key);
  }

  /** Closes a tab and deletes its recovery copy. */
  function discard(key: string): void {
    const tab = project.tabs.find((candidate) => candidate.key === key);
    project.close(key);
    if (tab && lab.connection.value.kind === 'open') dropCopies(lab, tab).catch(() => undefined);
  }

  return {
    createNew: (): void => {
      ui.isWelcomeOpen = true;
    },
    begin,
    open,
    openFile,
    save: async (): Promise<void> => {
      if (project.active) await saving.saveTab(project.active);
    },
    saveAs: async (): Promise<void> => {
      if (project.active) await saving.saveTabAs(project.active);
    },
    saveTab: saving.saveTab,
    saveTabAs: saving.saveTabAs,
    overwrite: saving.overwrite,
    close,
    discard,
  };
}
