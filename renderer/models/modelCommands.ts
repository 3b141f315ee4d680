import type { AppCommand } from '../app/commandStore.ts';
import { useLabStore } from '../app/labStore.ts';
import { translate } from '../messages/i18n.ts';
import { useModelStore } from './modelStore.ts';

/** Starting a project from trained weights. */
export function modelCommands(): readonly AppCommand[] {
  const lab = useLabStore();
  const store = useModelStore();
  return [
    {
      id: 'file.startFromWeights',
      group: 'file',
      title: () => translate('models.commands.start'),
      isEnabled: () => lab.isConnected,
      run: () => store.open('project'),
    },
  ];
}
