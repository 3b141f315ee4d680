import { onScopeDispose, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useNoticeStore } from '../app/noticeStore.ts';
import type { FileGrant } from '../client/shellBridge.ts';
import { say } from '../messages/said.ts';
import { visibleName } from '../text/visibleName.ts';
import { dragsFiles, droppedItem, type DroppedItem } from './folderDrop.ts';
import { pickModel, useFileDialogRequest } from './useFileDialog.ts';
import { grantOf } from './useFolderDrop.ts';

interface ModelDrop {
  readonly title: () => string;
  /** False: drops are refused. */
  readonly isReady: () => boolean;
  readonly take: (file: FileGrant) => Promise<void>;
}

/**
 * Makes the whole window a drop target for a model file while the calling component is mounted; returns whether one is
 * over it. A browser does not say where a dropped file is: there the picker opens and says so.
 */
export function useModelDrop({ title, isReady, take }: ModelDrop) {
  const { t } = useI18n();
  const notices = useNoticeStore();
  const { request } = useFileDialogRequest();
  const isOver = ref(false);
  const isOpen = (): boolean => isReady() && request.value === null;

  async function accept(item: DroppedItem): Promise<void> {
    if (item.kind !== 'file') {
      notices.show({ kind: 'warning', text: say(`models.drop.${item.kind}`) });
      return;
    }
    const hint = t('files.drop.findIt', { name: visibleName(item.name) });
    const file = (await grantOf(item.file)) ?? (await pickModel(title(), hint));
    if (file !== null) await take(file);
  }

  const listeners = {
    dragover: (event: DragEvent) => {
      if (!isOpen() || !dragsFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      isOver.value = true;
    },
    // Without a related target the pointer has left the window.
    dragleave: (event: DragEvent) => {
      if (event.relatedTarget === null) isOver.value = false;
    },
    drop: (event: DragEvent) => {
      isOver.value = false;
      if (!isOpen() || event.dataTransfer === null) return;
      // The dropped items can be read only until this handler returns.
      const item = droppedItem(event.dataTransfer);
      if (item === null) return;
      event.preventDefault();
      accept(item).catch(notices.showError);
    },
  };
  // Before the guard of the window, which refuses all other drops.
  const options = { capture: true };
  for (const [type, listener] of Object.entries(listeners))
    window.addEventListener(type, listener as EventListener, options);
  onScopeDispose(() => {
    for (const [type, listener] of Object.entries(listeners))
      window.removeEventListener(type, listener as EventListener, options);
  });
  return isOver;
}
