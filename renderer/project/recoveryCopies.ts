import type { LabResult } from '#core/contract/labApi.ts';
import type { Lab } from '../client/useLab.ts';
import type { ProjectFile, ProjectTab } from './projectTab.ts';
import { openWindows, windowId } from './windowId.ts';

export type Recovery = LabResult<'project.recoveries'>[number];

/** Copies of closed windows whose work was opened here, by project id; they are deleted once that work is safe. */
const adopted = new Map<string, Set<string>>();

/**
 * Name of this window's copy of a project: every window, and every file with the same project id, has a copy of its
 * own.
 */
export function copyIdOf(file: ProjectFile | null): string {
  return `${windowId()}/${file?.path ?? ''}`;
}

/** Unsaved work that is open in no window, newest first; a window also finds its own copies. */
export async function lostWork(lab: Lab): Promise<readonly Recovery[]> {
  const [kept, open] = await Promise.all([lab.call('project.recoveries', {}), openWindows()]);
  return kept.filter(({ copyId }) => {
    const [owner = ''] = copyId.split('/', 1);
    return owner === windowId() || !open.has(owner);
  });
}

export function adopt(projectId: string, { copyId }: Recovery): void {
  adopted.set(projectId, (adopted.get(projectId) ?? new Set()).add(copyId));
}

/** Deletes this window's copies of a tab, for its present file and for the one it is saved to. */
export async function dropCopies(
  lab: Lab,
  tab: ProjectTab,
  savedTo: ProjectFile | null = null,
): Promise<void> {
  const projectId = tab.edit.document.id;
  const copies = new Set([copyIdOf(tab.file), copyIdOf(savedTo), ...(adopted.get(projectId) ?? [])]);
  adopted.delete(projectId);
  await Promise.all([...copies].map((copyId) => lab.call('project.dropRecovery', { projectId, copyId })));
}
