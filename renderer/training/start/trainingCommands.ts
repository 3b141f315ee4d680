import { answerToTrain, isLive } from '../../runs/workflow.ts';
import type { AppCommand } from '../../app/commandStore.ts';
import { useClusterStore } from '../../cluster/clusterStore.ts';
import { useLayoutStore } from '../../app/layoutStore.ts';
import { usePreferencesStore } from '../../app/preferencesStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useRunStore } from '../../runs/runStore.ts';
import { useTrainViewStore } from './trainViewStore.ts';
import { useUiStore } from '../../app/uiStore.ts';
import { translate } from '../../messages/i18n.ts';

/** Starts a run and shows its card, or shows what prevents the start. */
export function useStartNow(): () => Promise<void> {
  const runs = useRunStore();
  const view = useTrainViewStore();
  return async () => {
    view.side = 'plan';
    await runs.start();
    if (runs.workflow.kind === 'attached') view.side = 'run';
  };
}

/**
 * The action of Train, wherever it is pressed: shows the training run, what prevents a start, or the plan; or starts.
 */
export function useTrain(): () => Promise<void> {
  const runs = useRunStore();
  const layout = useLayoutStore();
  const ui = useUiStore();
  const view = useTrainViewStore();
  const preferences = usePreferencesStore();
  const startNow = useStartNow();
  return async () => {
    const answer = answerToTrain({
      workflow: runs.workflow,
      blocker: runs.blocker,
      isPlanInView: view.isPlanInView,
      skipsPlan: preferences.skipsPlan,
    });
    ui.isWelcomeOpen = false;
    view.side = answer === 'showRun' ? 'run' : 'plan';
    layout.showDock('train');
    if (answer === 'start') await startNow();
  };
}

/** Start, pause, resume and stop. */
export function trainingCommands(): readonly AppCommand[] {
  const runs = useRunStore();
  const project = useProjectStore();
  const cluster = useClusterStore();
  /** For the active project: the selected run may belong to another one. */
  const live = () => runs.own.find(isLive);
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
  return [
    training('train', ['Ctrl+Enter'], () => project.active !== null, useTrain()),
    training(
      'pause',
      ['Ctrl+Alt+P'],
      () => live()?.phase === 'running',
      () => runs.pause(live()?.runId),
    ),
    training(
      'resume',
      ['Ctrl+Alt+R'],
      () => live()?.phase === 'paused',
      () => runs.resume(live()?.runId),
    ),
    training(
      'stop',
      ['Ctrl+Alt+Enter'],
      () => runs.actions.canStop,
      () => runs.stop(live()?.runId),
    ),
    {
      id: 'training.cluster',
      group: 'training',
      keys: [],
      title: () => translate('cluster.open'),
      isEnabled: () => project.active !== null,
      run: () => {
        cluster.isDialogOpen = true;
      },
    },
  ];
}
