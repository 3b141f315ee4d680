import { shallowRef } from 'vue';
import { useLab } from '../client/useLab.ts';
import { toErrorData } from '#core/diagnostics/appError.ts';
import type { DataSummary } from '#core/contract/dataSummary.ts';
import type { FileGrant } from '../client/shellBridge.ts';
import { partsWords } from '../data/imageParts.ts';
import { translate as t } from '../ui/i18n.ts';
import { useDataStore } from '../stores/dataStore.ts';
import { useLayoutStore } from '../stores/layoutStore.ts';
import { useNoticeStore } from '../stores/noticeStore.ts';
import { useProjectStore } from '../stores/projectStore.ts';
import type { ProjectFile } from '../stores/projectTab.ts';
import { projectForFolder } from './startProjects.ts';

/** Errors after which the Data panel offers a choice. */
const ASKED_THERE: ReadonlySet<string> = new Set(['labels-column', 'folder-in-parts']);

/** Beginning with a folder of images: looks through it and opens a project that fits. */
export function useFolderStart() {
  const lab = useLab();
  const project = useProjectStore();
  const data = useDataStore();
  const layout = useLayoutStore();
  const notices = useNoticeStore();
  /** The folder being looked through; null at other times. */
  const scanned = shallowRef<ProjectFile | null>(null);

  /** An empty summary where the Data panel asks how the folder is to be understood. Rejects as the lab does otherwise. */
  async function summaryOf(train: FileGrant): Promise<DataSummary> {
    try {
      return (await lab.call('data.scan', { folder: train.grant, scanId: crypto.randomUUID() })).summary;
    } catch (thrown) {
      if (!ASKED_THERE.has(toErrorData(thrown).code)) throw thrown;
      return { classes: [], images: 0, skipped: [], warnings: [], labels: null, typical: null };
    }
  }

  /** True when a project was opened; a failure is told as a notice. */
  async function startWith(folder: ProjectFile): Promise<boolean> {
    if (scanned.value) return false;
    scanned.value = folder;
    try {
      const parts = await lab.call('data.parts', { folder: folder.grant });
      const { train, validation } = parts;
      const words = partsWords(parts, t);
      if (words !== null) notices.show({ kind: 'hint', text: words });
      const summary = await summaryOf(train);
      project.open(projectForFolder({ name: folder.name, train, validation }, summary));
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

  return { scanned, startWith };
}
