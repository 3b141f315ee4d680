import { shallowRef, watch } from 'vue';
import { useLab } from '../client/useLab.ts';
import { toErrorData } from '#core/diagnostics/appError.ts';
import type { DataSummary } from '#core/contract/dataSummary.ts';
import type { FileGrant } from '../client/shellBridge.ts';
import { notesOnParts } from '../data/folders/imageParts.ts';
import { useDataStore } from '../data/folders/dataStore.ts';
import { useLayoutStore } from '../app/layoutStore.ts';
import { useNoticeStore } from '../app/noticeStore.ts';
import { useProjectStore } from '../project/projectStore.ts';
import type { ProjectFile } from '../project/projectTab.ts';
import { useRunStore } from '../runs/runStore.ts';
import { useStartNow, useTrain } from '../training/start/trainingCommands.ts';
import { useFileActions } from '../project/fileActions.ts';
import { projectForFolder, projectForSample } from './startProjects.ts';

/** Errors after which the Data panel offers a choice. */
const ASKED_THERE: ReadonlySet<string> = new Set(['labels-column', 'folder-in-parts']);

/** Starting with a folder of images: scans it and opens a project that fits. */
export function useFolderStart() {
  const lab = useLab();
  const runs = useRunStore();
  const train = useTrain();
  const startNow = useStartNow();
  const files = useFileActions();
  const project = useProjectStore();
  const data = useDataStore();
  const layout = useLayoutStore();
  const notices = useNoticeStore();
  /** The folder being scanned; null at other times. */
  const scanned = shallowRef<ProjectFile | null>(null);

  /** An empty summary where the Data panel asks how to read the folder. Rejects as the lab does otherwise. */
  async function summaryOf(train: FileGrant): Promise<DataSummary> {
    try {
      return (await lab.call('data.scan', { folder: train.grant, scanId: crypto.randomUUID() })).summary;
    } catch (thrown) {
      if (!ASKED_THERE.has(toErrorData(thrown).code)) throw thrown;
      return { classes: [], images: 0, skipped: [], warnings: [], labels: null, typical: null };
    }
  }

  /** True when a project that `make` made for the folder was opened; a failure is shown as a notice. */
  async function startWith(folder: ProjectFile, make = projectForFolder): Promise<boolean> {
    if (scanned.value) return false;
    scanned.value = folder;
    try {
      const parts = await lab.call('data.parts', { folder: folder.grant });
      const { train, validation } = parts;
      const notes = notesOnParts(parts);
      if (notes !== null) notices.show({ kind: 'hint', text: notes });
      const summary = await summaryOf(train);
      files.begin(make({ name: folder.name, train, validation }, summary));
      data.use('train', train);
      if (validation) data.use('validation', validation);
      layout.showDock('data');
      return true;
    } catch (thrown) {
      notices.showError(thrown);
      return false;
    } finally {
      scanned.value = null;
    }
  }

  /** Opens the sample, shows its training plan, and starts it once its images have been scanned. */
  async function trySample(folder: ProjectFile): Promise<void> {
    if (!(await startWith(folder, projectForSample))) return;
    const key = project.activeKey;
    layout.showDock('train');
    await settled(() => runs.blocker !== 'scanning' || project.activeKey !== key);
    if (project.activeKey === key) await (runs.blocker === null ? startNow() : train());
  }

  return { scanned, startWith, trySample };
}

/** Resolves as soon as `isTrue` returns true. */
function settled(isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = watch(
      isTrue,
      (now) => {
        if (!now) return;
        queueMicrotask(() => stop());
        resolve();
      },
      { immediate: true },
    );
  });
}
