import { isLive } from '../runs/workflow.ts';
import type { AppCommand } from '../stores/commandStore.ts';
import { useLayoutStore } from '../stores/layoutStore.ts';
import { useProjectStore } from '../stores/projectStore.ts';
import { useRunStore } from '../stores/runStore.ts';
import { useUiStore } from '../stores/uiStore.ts';
import { translate } from '../ui/i18n.ts';

/** Shows the Train tab, which says what is about to happen or what is missing, and starts if nothing is. */
export function useTrain(): () => Promise<void> {
  const runs = useRunStore();
  const layout = useLayoutStore();
  const ui = useUiStore();
  return async () => {
    ui.isWelcomeOpen = false;
    layout.showDock('train');
    if (runs.blocker === null) await runs.start();
  };
}

/** Start, pause, resume and stop. */
export function trainingCommands(): readonly AppCommand[] {
  const runs = useRunStore();
  const project = useProjectStore();
  const isPhase = (phase: string): boolean => runs.current?.phase === phase;
  const training = (
    id: string,
    keys: readonly string[],
    isEnabled: () => boolean,
    run: () => Promise<void>,
  ): AppCommand => ({
    id: `training.${id}`,
    group: 'training',
    keys,
    title: () => translate(`training.${id}`),
    isEnabled,
    run,
  });
  const canStart = (): boolean =>
    project.active !== null && runs.actions.canStart && !(runs.current !== null && isLive(runs.current));
  return [
    training('train', ['Ctrl+Enter'], canStart, useTrain()),
    training(
      'pause',
      ['Ctrl+Alt+P'],
      () => isPhase('running'),
      () => runs.pause(),
    ),
    training(
      'resume',
      ['Ctrl+Alt+R'],
      () => isPhase('paused'),
      () => runs.resume(),
    ),
    training(
      'stop',
      ['Ctrl+Alt+Enter'],
      () => runs.actions.canStop,
      () => runs.stop(),
    ),
  ];
}
