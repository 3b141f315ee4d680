import type { AppCommand } from '../app/commandStore.ts';
import { useLabStore } from '../app/labStore.ts';
import { useLayoutStore } from '../app/layoutStore.ts';
import { useUiStore } from '../app/uiStore.ts';
import { translate } from '../messages/i18n.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { useCompareStore } from './compareStore.ts';

/** Comparing two models. The panel belongs to the workspace, so a project must be open. */
export function compareCommands(): readonly AppCommand[] {
  const lab = useLabStore();
  const layout = useLayoutStore();
  const ui = useUiStore();
  const project = useProjectStore();
  const store = useCompareStore();
  return [
    {
      id: 'network.compareModels',
      group: 'network',
      title: () => translate('compare.commands.compare'),
      isEnabled: () => lab.isConnected && project.active !== null,
      run: () => {
        ui.isWelcomeOpen = false;
        layout.showDock('compare');
        store.begin();
      },
    },
  ];
}
