import type { AppCommand } from '../app/commandStore.ts';
import { useLayoutStore } from '../app/layoutStore.ts';
import { THEMES, usePreferencesStore } from '../app/preferencesStore.ts';
import { useUiStore } from '../app/uiStore.ts';
import { translate } from '../messages/i18n.ts';
import { DOCK_PANELS } from './dockPanels.ts';

const title =
  (key: string, values: () => Record<string, unknown> = () => ({})) =>
  (): string =>
    translate(`shell.commands.${key}`, values());

/** Commands for panels, theme, language and the command palette itself. */
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
    ...DOCK_PANELS.map(({ tab }, index) =>
      view(
        `dock.${tab}`,
        [`Alt+${index + 1}`],
        title('showTab', () => ({ tab: translate(`shell.dockTabs.${tab}`) })),
        () => layout.showDock(tab),
      ),
    ),
    view('togglePalette', ['Ctrl+B'], title('togglePalette'), () => layout.toggle('palette')),
    view('toggleInspector', ['Ctrl+I'], title('toggleInspector'), () => layout.toggle('inspector')),
    view('toggleSource', ['Ctrl+U'], title('toggleSource'), () => layout.toggle('source')),
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
