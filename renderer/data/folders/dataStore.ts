import { defineStore } from 'pinia';
import { computed, watch } from 'vue';
import type { DataSettings } from '#core/document/dataSettings.ts';
import type { FileGrant } from '../../client/shellBridge.ts';
import { useLab } from '../../client/useLab.ts';
import { ImageFolder } from './imageFolder.ts';
import { readingKey, readingOf } from './folderReading.ts';
import { notesOnParts } from './imageParts.ts';
import { mismatchOf } from './inputMatch.ts';
import { useThumbnails } from './useThumbnails.ts';
import { useNoticeStore } from '../../app/noticeStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';

type FolderRole = 'train' | 'validation';

const FIELD_OF = { train: 'trainFolder', validation: 'validationFolder' } as const satisfies Record<
  FolderRole,
  keyof DataSettings
>;

/** The image folders of the project: their paths and contents, and whether they match the network. */
export const useDataStore = defineStore('data', () => {
  const lab = useLab();
  const project = useProjectStore();
  const notices = useNoticeStore();
  const folders = { train: new ImageFolder(lab), validation: new ImageFolder(lab) };
  for (const role of ['train', 'validation'] as const) {
    watch(
      () => [project.document.data[FIELD_OF[role]], readingKey(readingOf(project.document.data))] as const,
      ([path]) => void folders[role].open(path, readingOf(project.document.data)),
      { immediate: true },
    );
  }
  const train = folders.train.state;
  const summary = computed(() => (train.value.kind === 'ready' ? train.value.summary : null));
  const thumbnails = useThumbnails(lab, () => folders.train.folder.value);

  /** The changes that the network needs to match the images; null when it matches or either is not known. */
  const mismatch = computed(() => {
    const { graph } = project.report;
    return graph === null || summary.value === null ? null : mismatchOf(graph, summary.value);
  });

  function change(settings: Partial<DataSettings>): void {
    project.apply({ type: 'setData', values: settings });
  }

  /** Sets `folder` as the project's and scans it; one undo step. Null removes the folder. */
  function use(role: FolderRole, folder: FileGrant | null): void {
    if (folder !== null) folders[role].adopt(folder);
    const path = folder?.path ?? null;
    if (project.document.data[FIELD_OF[role]] !== path) change({ [FIELD_OF[role]]: path });
  }

  /**
   * Sets a chosen folder as the project's. A folder that holds a data set in parts sets its train folder and its
   * validation folder together in one undo step. Rejects as the lab does.
   */
  async function useChosen(folder: FileGrant): Promise<void> {
    const parts = await lab.call('data.parts', { folder: folder.grant });
    const { train, validation } = parts;
    const notes = notesOnParts(parts);
    if (notes !== null) notices.show({ kind: 'hint', text: notes });
    if (validation === null) return use('train', train);
    folders.train.adopt(train);
    folders.validation.adopt(validation);
    change({ trainFolder: train.path, validationFolder: validation.path });
  }

  return {
    train,
    validation: folders.validation.state,
    trainFolder: folders.train.folder,
    validationFolder: folders.validation.folder,
    summary,
    mismatch,
    change,
    use,
    useChosen,
    loadThumbnails: thumbnails.load,
    thumbnailsOf: thumbnails.thumbnailsOf,
    rescan: (role: FolderRole) => folders[role].rescan(),
    cancel: (role: FolderRole) => folders[role].cancel(),
  };
});
