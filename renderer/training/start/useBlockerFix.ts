import { isLive } from '../../runs/workflow.ts';
import type { StartBlocker } from '../../runs/startBlocker.ts';
import { pickFolder } from '../../files/useFileDialog.ts';
import { useDataStore } from '../../data/folders/dataStore.ts';
import { useLayoutStore } from '../../app/layoutStore.ts';
import { useNoticeStore } from '../../app/noticeStore.ts';
import { useRunStore } from '../../runs/runStore.ts';
import { useTrainViewStore } from './trainViewStore.ts';
import { translate } from '../../messages/i18n.ts';

/** Performs the action of a blocker's button: chooses images, or shows the place where the user can fix it. */
export function useBlockerFix(): (blocker: StartBlocker) => Promise<void> {
  const layout = useLayoutStore();
  const data = useDataStore();
  const notices = useNoticeStore();
  const runs = useRunStore();
  const view = useTrainViewStore();

  async function chooseImages(): Promise<void> {
    const folder = await pickFolder(translate('data.pickTrain'));
    if (folder === null) return;
    layout.showDock('data');
    await data.useChosen(folder).catch(notices.showError);
  }

  /** The run of another project, with its pause and stop buttons. */
  function showOtherRun(): void {
    const run = runs.others.find(isLive);
    if (run === undefined) return;
    runs.showsOthers = true;
    runs.pick(run);
    view.side = 'run';
    layout.showDock('train');
  }

  return async (blocker) => {
    if (blocker === 'noData') await chooseImages();
    else if (blocker === 'otherRun') showOtherRun();
    else layout.showDock(blocker === 'graph' ? 'problems' : 'data');
  };
}
