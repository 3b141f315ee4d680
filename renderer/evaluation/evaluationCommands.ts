import type { AppCommand } from '../app/commandStore.ts';
import { useLayoutStore } from '../app/layoutStore.ts';
import { useUiStore } from '../app/uiStore.ts';
import { translate } from '../messages/i18n.ts';
import { useProjectStore } from '../project/projectStore.ts';
import { useEvaluationStore } from './state/evaluationStore.ts';

/** Evaluating the chosen run and showing its figures, in the workspace: a project must be open. */
export function evaluationCommands(): readonly AppCommand[] {
  const layout = useLayoutStore();
  const ui = useUiStore();
  const project = useProjectStore();
  const store = useEvaluationStore();
  function show(): void {
    ui.isWelcomeOpen = false;
    store.view = 'figures';
    layout.showDock('evaluate');
  }
  return [
    {
      id: 'evaluation.run',
      group: 'training',
      title: () => translate('evaluation.commands.run'),
      isEnabled: () => project.active !== null && store.canStart,
      run: async () => {
        show();
        await store.start();
      },
    },
    {
      id: 'evaluation.show',
      group: 'training',
      title: () => translate('evaluation.commands.show'),
      isEnabled: () => project.active !== null,
      run: show,
    },
  ];
}
