import { shallowRef } from 'vue';
import { useLab } from '../client/useLab.ts';
import { partsOfFolder } from '../data/imageParts.ts';
import { useDataStore } from '../stores/dataStore.ts';
import { useLayoutStore } from '../stores/layoutStore.ts';
import { useNoticeStore } from '../stores/noticeStore.ts';
import { useProjectStore } from '../stores/projectStore.ts';
import type { ProjectFile } from '../stores/projectTab.ts';
import { projectForFolder } from './startProjects.ts';

/** Beginning with a folder of images: looks through it and opens a project that fits. */
export function useFolderStart() {
  const lab = useLab();
  const project = useProjectStore();
  const data = useDataStore();
  const layout = useLayoutStore();
  const notices = useNoticeStore();
  /** The folder being looked through; null at other times. */
  const scanned = shallowRef<ProjectFile | null>(null);

  /** True when a project was opened; a failure is told as a notice. */
  async function startWith(folder: ProjectFile): Promise<boolean> {
    if (scanned.value) return false;
    scanned.value = folder;
    try {
      const { train, validation } = await partsOfFolder(lab, folder);
      const scanId = crypto.randomUUID();
      const { summary } = await lab.call('data.scan', { folder: train.grant, scanId });
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
