import type { LabResult } from '#core/contract/labApi.ts';
import type { Lab } from '../client/useLab.ts';
import type { ProjectFile, ProjectTab } from './projectTab.ts';
import { openWindows, windowId } from './windowId.ts';

export type Recovery = LabResult<'project.recoveries'>[number];

/** Copies of windows that are gone whose work was taken over here, by project id: they go when that work is safe. */
const adopted = new Map<string, Set<string>>();

/**
 * Name of the copy that this window keeps of a project: windows, and files with one project's id, have copies of their
 * own.
 */
export function copyIdOf(file: ProjectFile | null): string {
  return `${windowId()}/${file?.path ?? ''}`;
}

/** Unsaved work that no open window is still at, newest first; a window finds its own copies too. */
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

/** Drops the copies that this window has of a tab, under its file of now and under the one it is saved to. */
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
