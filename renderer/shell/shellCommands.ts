import type { AppCommand } from '../app/commandStore.ts';
import { DOCK_TABS, useLayoutStore } from '../app/layoutStore.ts';
import { THEMES, usePreferencesStore } from '../app/preferencesStore.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { useUiStore } from '../app/uiStore.ts';
import { translate } from '../messages/i18n.ts';
import { useFileActions } from '../project/fileActions.ts';

const title =
  (key: string, values: () => Record<string, unknown> = () => ({})) =>
  (): string =>
    translate(`shell.commands.${key}`, values());

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
  ): AppCommand => ({ id: `file.${id}`, group: 'file', keys, title: title(id), run, isEnabled });

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

/** Panels, theme, language, the command palette itself. */
export function viewCommands(): readonly AppCommand[] {
  const layout = useLayoutStore();
  const preferences = usePreferencesStore();
  const ui = useUiStore();
  const view = (id: string, keys: readonly string[], name: () => string, run: () => void): AppCommand => ({
    id: `view.${id}`,
    group: 'view',
    keys,
    title: name,
    run,
  });
  const openPalette = (): void => {
    ui.isCommandPaletteOpen = true;
  };
  return [
    view('commandPalette', ['Ctrl+K', 'Ctrl+Shift+P', '?'], title('commandPalette'), openPalette),
    ...DOCK_TABS.map((tab, index) =>
      view(
        `dock.${tab}`,
        [`Alt+${index + 1}`],
        title('showTab', () => ({ tab: translate(`shell.dock.${tab}`) })),
        () => layout.showDock(tab),
      ),
    ),
    view('togglePalette', ['Ctrl+B'], title('togglePalette'), () => layout.toggle('palette')),
    view('toggleInspector', ['Ctrl+I'], title('toggleInspector'), () => layout.toggle('inspector')),
    view('toggleDock', ['Ctrl+`', 'Ctrl+J'], title('toggleDock'), () => layout.toggle('dock')),
    view('fullDock', ['Ctrl+Shift+J'], title('fullDock'), () => {
      layout.isDockFull = !layout.isDockFull;
    }),
    ...THEMES.map((theme) =>
      view(
        `theme.${theme}`,
        [],
        title('theme', () => ({ theme: translate(`shell.settings.themes.${theme}`) })),
        () => {
          preferences.theme = theme;
        },
      ),
    ),
    ...preferences.languages.map(({ value, label }) =>
      view(
        `language.${value}`,
        [],
        title('language', () => ({ language: label })),
        () => {
          preferences.language = value;
        },
      ),
    ),
  ];
}
