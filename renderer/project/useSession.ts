import { onScopeDispose, watch } from 'vue';
import type { GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { keepHistory } from '#core/edit/keptHistory.ts';
import { useProjectStore } from './projectStore.ts';
import { readProject } from './fileActions.ts';
import { claimWindowId, windowId } from './windowId.ts';
import { readSession, writeSession, type Session } from './session.ts';

const QUIET_MS = 300;

/** True while this window is the one whose projects are restored at the next start. */
let isFirst = false;

/**
 * A reload restores this window's own projects; a new window restores those of the last start. While another window has
 * those open, a new one begins empty, so that two never edit the same work by surprise.
 */
async function claimSession(): Promise<void> {
  // Without locks (no secure context) windows cannot be distinguished.
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) {
    isFirst = true;
    return;
  }
  const hold = (): Promise<never> => {
    isFirst = true;
    return new Promise(() => undefined);
  };
  await new Promise<void>((resolve) => {
    void locks.request('normlab.session', { ifAvailable: true }, (lock) => {
      resolve();
      if (lock !== null) return hold();
      // Once the first window is closed, this one takes its place.
      void locks.request('normlab.session', hold);
      return undefined;
    });
  });
}

let restored: Session | null = null;

/** When the restored session was stored, in milliseconds since 1970; 0 when there was none. */
export const sessionAge = (): number => restored?.keptAtMs ?? 0;

/** Restores the projects that were open before. Must be called once, before the app is mounted. */
export async function restoreSession(): Promise<void> {
  await claimSession();
  restored = readSession(sessionStorage) ?? (isFirst ? readSession(localStorage) : null);
  await claimWindowId(restored?.windowId ?? null);
  if (restored === null) return;
  const project = useProjectStore();
  const keys = restored.tabs.map((tab) => {
    try {
      // The grant is of an earlier connection: `useRenewedFiles` requests a new one.
      const file = tab.file && { ...tab.file, grant: '' };
      const { isUnsaved, history } = tab;
      project.open(readProject(tab.project), { file, isUnsaved, history });
      return project.activeKey;
    } catch {
      return null;
    }
  });
  const front = keys[restored.active];
  if (front) project.activate(front);
}

/**
 * Stores the open projects for the next start of this window, shortly after each change and when the page is closed.
 */
export function useKeepSession(): void {
  const project = useProjectStore();
  const texts = new WeakMap<GraphDocument, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function textOf(document: GraphDocument): string {
    const text = texts.get(document) ?? serializeDocument(document);
    texts.set(document, text);
    return text;
  }

  function keep(): void {
    clearTimeout(timer);
    const session: Session = {
      keptAtMs: Date.now(),
      windowId: windowId(),
      tabs: project.tabs.map(({ edit, file, isDirty }) => ({
        project: textOf(edit.document),
        file: file && { path: file.path, name: file.name, version: file.version },
        isUnsaved: isDirty,
        history: keepHistory(edit),
      })),
      active: project.tabs.findIndex(({ key }) => key === project.activeKey),
    };
    writeSession(sessionStorage, session);
    if (isFirst) writeSession(localStorage, session);
  }

  watch(
    () => [project.tabs, project.activeKey],
    () => {
      clearTimeout(timer);
      timer = setTimeout(keep, QUIET_MS);
    },
  );
  window.addEventListener('pagehide', keep);
  onScopeDispose(() => window.removeEventListener('pagehide', keep));
}
