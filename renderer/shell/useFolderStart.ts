import { shallowRef } from 'vue';
import { useLab } from '../client/useLab.ts';
import { useDataStore } from '../stores/dataStore.ts';
import { useLayoutStore } from '../stores/layoutStore.ts';
import { useNoticeStore } from '../stores/noticeStore.ts';
import { useProjectStore } from '../stores/projectStore.ts';
import type { ProjectFile } from '../stores/projectTab.ts';
import { splitFolders } from './splitFolders.ts';
import { projectForFolder } from './startProjects.ts';

interface ImageFolders {
  readonly train: ProjectFile;
  readonly validation: ProjectFile | null;
}

/** Beginning with a folder of images: looks through it and opens a project that fits. */
export function useFolderStart() {
  const lab = useLab();
  const project = useProjectStore();
  const data = useDataStore();
  const layout = useLayoutStore();
  const notices = useNoticeStore();
  /** The folder being looked through; null at other times. */
  const scanned = shallowRef<ProjectFile | null>(null);

  async function imageFolders(folder: ProjectFile): Promise<ImageFolders> {
    const { entries } = await lab.call('files.list', { folder: folder.grant });
    const split = splitFolders(entries);
    if (!split) return { train: folder, validation: null };
    const describe = async (grant: string): Promise<ProjectFile> => {
      const listed = await lab.call('files.list', { folder: grant });
      return listed.folder ?? folder;
    };
    return { train: await describe(split.train.grant), validation: await describe(split.validation.grant) };
  }

  /** True when a project was opened; a failure is told as a notice. */
  async function startWith(folder: ProjectFile): Promise<boolean> {
    if (scanned.value) return false;
    scanned.value = folder;
    try {
      const { train, validation } = await imageFolders(folder);
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
