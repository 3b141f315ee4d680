import { watch } from 'vue';
import { serializeDocument } from '#core/document/serialize.ts';
import { useLab } from '../client/useLab.ts';
import { useLabStore } from '../app/labStore.ts';
import { useProjectStore } from './projectStore.ts';
import type { ProjectTab } from './projectTab.ts';
import { readProject } from './fileActions.ts';
import { adopt, lostWork, type Recovery } from './recoveryCopies.ts';
import { sessionAge } from './useSession.ts';

/** A recovery copy must be newer than the window's own memory by this much: both are written within a second. */
const NEWER_MS = 3000;

/**
 * After every (re)connection: requests new grants for the files of open projects, which a restarted host would not
 * know. After the first one, also loads the text of projects restored by `restoreSession`, where the disk has a newer
 * one.
 */
export function useRenewedFiles(): void {
  const lab = useLab();
  const labStore = useLabStore();
  const project = useProjectStore();
  const brought = new Set(project.tabs.map(({ key }) => key));

  async function renew(tab: ProjectTab): Promise<void> {
    if (tab.file === null) return;
    const file = await lab.call('files.grant', { path: tab.file.path });
    project.setFile(tab.key, { ...file, version: tab.file.version });
    // Unsaved work is kept: saving reports when the file was changed meanwhile.
    if (!brought.has(tab.key) || tab.isDirty) return;
    const now = await lab.call('project.open', { file: file.grant });
    const opened = readProject(now.project);
    project.setFile(tab.key, now.file);
    if (serializeDocument(opened) !== serializeDocument(tab.edit.document))
      project.reread(tab.key, opened, true);
  }

  function takeNewer(recovery: Recovery): void {
    if (recovery.savedAtMs < sessionAge() + NEWER_MS) return;
    const kept = readProject(recovery.project);
    const tab = project.tabs.find(({ key, edit }) => brought.has(key) && edit.document.id === kept.id);
    if (tab === undefined) return;
    brought.delete(tab.key); // older copies of the same project stay where they are
    project.reread(tab.key, kept, false, recovery.history);
    adopt(kept.id, recovery);
  }

  async function renewAll(): Promise<void> {
    // A tab whose file is missing stays open: saving reports the problem.
    await Promise.allSettled(project.tabs.map(renew));
    if (brought.size > 0) for (const kept of await lostWork(lab)) takeNewer(kept);
    brought.clear();
  }

  watch(
    () => labStore.isConnected,
    (isConnected) => {
      if (isConnected) renewAll().catch(() => undefined);
    },
    { immediate: true },
  );
}
