import { onScopeDispose, shallowRef, watch } from 'vue';
import type { GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { keepHistory } from '#core/edit/keptHistory.ts';
import { useLab } from '../client/useLab.ts';
import { useNoticeStore } from '../app/noticeStore.ts';
import { useProjectStore } from './projectStore.ts';
import { readProject } from './fileActions.ts';
import { adopt, copyIdOf, lostWork, type Recovery } from './recoveryCopies.ts';

/** Delay after the last change before unsaved work is stored. */
const QUIET_MS = 800;

const found = shallowRef<readonly Recovery[]>([]);

/** Unsaved work of earlier starts, offered on the welcome page. */
export function useRecoveries() {
  const lab = useLab();
  const project = useProjectStore();
  const notices = useNoticeStore();

  async function look(): Promise<void> {
    try {
      const open = new Set(project.tabs.map((tab) => tab.edit.document.id as string));
      const kept = await lostWork(lab);
      found.value = kept.filter(({ project: text }) => !open.has(idIn(text)));
    } catch (thrown) {
      notices.showError(thrown);
    }
  }

  function forget(recovery: Recovery): void {
    found.value = found.value.filter((other) => other !== recovery);
  }

  function recover(recovery: Recovery): void {
    try {
      const { file, history } = recovery;
      const document = readProject(recovery.project);
      project.open(document, { file, history, isUnsaved: true });
      adopt(document.id, recovery);
      forget(recovery);
    } catch (thrown) {
      notices.showError(thrown);
    }
  }

  async function discard(recovery: Recovery): Promise<void> {
    forget(recovery);
    const { project: text, copyId } = recovery;
    await lab.call('project.dropRecovery', { projectId: idIn(text), copyId }).catch(notices.showError);
  }

  return { found, look, recover, discard };
}

/** Name of the project in a recovery file; its id when it has no readable name. */
export function nameIn(text: string): string {
  return readField(text, 'name') || idIn(text);
}

function idIn(text: string): string {
  return readField(text, 'id') || 'unknown';
}

function readField(text: string, field: 'id' | 'name'): string {
  try {
    return String(readProject(text)[field]);
  } catch {
    return '';
  }
}

/**
 * Stores unsaved work of every open project in its recovery file: shortly after each change, and at once when the page
 * is hidden or closed.
 */
export function useKeepRecovery(): void {
  const lab = useLab();
  const project = useProjectStore();
  const kept = new Map<string, GraphDocument>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function keepAll(): void {
    clearTimeout(timer);
    if (lab.connection.value.kind !== 'open') return;
    for (const tab of project.tabs) {
      const { document } = tab.edit;
      if (!tab.isDirty || kept.get(tab.key) === document) continue;
      kept.set(tab.key, document);
      const params = {
        projectId: document.id,
        copyId: copyIdOf(tab.file),
        project: serializeDocument(document),
        history: keepHistory(tab.edit),
        file: tab.file?.grant ?? null,
        version: tab.file?.version,
      };
      // Failed copies are stored again at the next change.
      lab.call('project.keepRecovery', params).catch(() => kept.delete(tab.key));
    }
  }

  const keepWhenHidden = (): void => {
    if (document.visibilityState === 'hidden') keepAll();
  };
  watch(
    () => [project.tabs, lab.connection.value.kind],
    () => {
      clearTimeout(timer);
      timer = setTimeout(keepAll, QUIET_MS);
    },
  );
  window.addEventListener('pagehide', keepAll);
  document.addEventListener('visibilitychange', keepWhenHidden);
  onScopeDispose(() => {
    window.removeEventListener('pagehide', keepAll);
    document.removeEventListener('visibilitychange', keepWhenHidden);
  });
}
