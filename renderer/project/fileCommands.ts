import type { AppCommand } from '../app/commandStore.ts';
import { translate } from '../messages/i18n.ts';
import { useFileActions } from './fileActions.ts';
import { useProjectStore } from './projectStore.ts';

/** Files and project tabs. Ctrl+N and Ctrl+W belong to the browser where there is one, so each has a second key. */
export function fileCommands(): readonly AppCommand[] {
  const project = useProjectStore();
  const files = useFileActions();
  const hasProject = (): boolean => project.active !== null;
  const file = (
    id: string,
    keys: readonly string[],
    run: AppCommand['run'],
    isEnabled: () => boolean = () => true,
  ): AppCommand => ({
    id: `file.${id}`,
    group: 'file',
    keys,
    title: () => translate(`shell.commands.${id}`),
    run,
    isEnabled,
  });

  function turn(by: number): void {
    const at = project.tabs.findIndex((tab) => tab.key === project.activeKey);
    const next = project.tabs[(at + by + project.tabs.length) % project.tabs.length];
    if (next) project.activate(next.key);
  }

  return [
    file('newProject', ['Ctrl+N', 'Alt+N'], files.createNew),
    file('openProject', ['Ctrl+O'], files.open),
    file('save', ['Ctrl+S'], files.save, hasProject),
    file('saveAs', ['Ctrl+Shift+S'], files.saveAs, hasProject),
    file('closeTab', ['Ctrl+W', 'Alt+W'], () => files.close(project.activeKey ?? ''), hasProject),
    file('nextTab', ['Ctrl+PageDown', 'Alt+PageDown'], () => turn(1), hasProject),
    file('previousTab', ['Ctrl+PageUp', 'Alt+PageUp'], () => turn(-1), hasProject),
  ];
}
