import type { AppCommand } from '../../app/commandStore.ts';
import { useLabStore } from '../../app/labStore.ts';
import { translate } from '../../messages/i18n.ts';
import { useRemote } from './useRemote.ts';

/** Following a run that trains elsewhere. */
export function remoteCommands(): readonly AppCommand[] {
  const lab = useLabStore();
  const { follow } = useRemote();
  return [
    {
      id: 'training.follow',
      group: 'training',
      title: () => translate('training.remote.follow'),
      isEnabled: () => lab.isConnected,
      run: follow,
    },
  ];
}
