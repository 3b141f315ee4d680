import { ref } from 'vue';
import { parseDocument } from '#core/document/parse.ts';
import type { RunState } from '#core/contract/run.ts';
import { useLayoutStore } from '../../app/layoutStore.ts';
import { useNoticeStore } from '../../app/noticeStore.ts';
import { useUiStore } from '../../app/uiStore.ts';
import { useLab } from '../../client/useLab.ts';
import { pickFolder } from '../../files/useFileDialog.ts';
import { translate } from '../../messages/i18n.ts';
import { say } from '../../messages/said.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { freshRunName } from '../../runs/runNames.ts';
import { useRunStore } from '../../runs/runStore.ts';
import { isMoving } from '../../runs/workflow.ts';
import { useTrainViewStore } from '../start/trainViewStore.ts';

/** Following runs that train elsewhere, and importing their weights; failures are shown as notices. */
export function useRemote() {
  const lab = useLab();
  const notices = useNoticeStore();
  const show = useShowRun();
  const isImporting = ref(false);

  /** Lets the user choose the folder of a run, and shows its card. */
  async function follow(): Promise<void> {
    const folder = await pickFolder(translate('training.remote.pick'), translate('training.remote.pickHint'));
    if (folder === null) return;
    try {
      await show(await lab.call('remote.follow', { folder: folder.grant }));
    } catch (thrown) {
      notices.showError(thrown);
    }
  }

  /** Makes a run of this lab from the weights so far, and shows its card. */
  async function importResult(run: RunState): Promise<void> {
    isImporting.value = true;
    try {
      const runs = useRunStore();
      const wanted = translate('training.remote.importedName', { name: run.name, step: run.step });
      const name = freshRunName(
        wanted,
        runs.all.map((each) => each.name),
      );
      const { runId } = await lab.call('remote.import', { runId: run.runId, name });
      notices.show({ kind: 'ok', text: say('training.remote.importedNotice', { name }) });
      const made = runs.all.find((each) => each.runId === runId);
      if (made === undefined) return;
      // The imported run has the same curves.
      if (!isMoving(run)) runs.draw(run, false);
      await show(made);
    } catch (thrown) {
      notices.showError(thrown);
    } finally {
      isImporting.value = false;
    }
  }

  return { follow, importResult, isImporting };
}

/** Shows the card and the curves of a run, whichever project it belongs to. */
function useShowRun(): (run: RunState) => Promise<void> {
  const lab = useLab();
  const project = useProjectStore();
  const runs = useRunStore();
  return async (run) => {
    if (project.active === null) {
      // Runs are shown beside a project: without one, that of the run is opened.
      const parsed = parseDocument((await lab.call('run.details', { runId: run.runId })).project);
      if (parsed.ok) project.open(parsed.document, { isUnsaved: true });
    }
    if (!runs.isOwn(run)) runs.showsOthers = true;
    runs.pick(run);
    useTrainViewStore().side = 'run';
    useUiStore().isWelcomeOpen = false;
    useLayoutStore().showDock('train');
  };
}
