import { onScopeDispose, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { shellBridge, type FileGrant } from '../client/shellBridge.ts';
import { say } from '../messages/said.ts';
import { visibleName } from '../text/visibleName.ts';
import { useNoticeStore } from '../app/noticeStore.ts';
import { dragsFiles, droppedItem, type DroppedItem } from './folderDrop.ts';
import { pickFolder } from './useFileDialog.ts';

/**
 * A drop target for a folder: handlers for its element, and whether a folder is over it. The desktop app receives the
 * path of a dropped folder; a browser does not, so there the picker opens and says so. If `take` rejects, a notice is
 * shown.
 */
export function useFolderDrop(title: () => string, take: (folder: FileGrant) => Promise<void>) {
  const { t } = useI18n();
  const notices = useNoticeStore();
  const isOver = ref(false);

  async function accept(item: DroppedItem): Promise<void> {
    if (item.kind !== 'folder') {
      notices.show({ kind: 'warning', text: say(`files.drop.${item.kind}`) });
      return;
    }
    const hint = t('files.drop.findIt', { name: visibleName(item.name) });
    const folder = (await grantOf(item.file)) ?? (await pickFolder(title(), hint));
    if (folder !== null) await take(folder);
  }

  return {
    isOver,
    handlers: {
      dragover: (event: DragEvent) => {
        if (!dragsFiles(event) || event.dataTransfer === null) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        isOver.value = true;
      },
      dragleave: ({ currentTarget, relatedTarget }: DragEvent) => {
        const isInside = currentTarget instanceof Node && relatedTarget instanceof Node;
        if (!isInside || !currentTarget.contains(relatedTarget)) isOver.value = false;
      },
      drop: (event: DragEvent) => {
        isOver.value = false;
        // The dropped items can be read only until this handler returns.
        const item = event.dataTransfer === null ? null : droppedItem(event.dataTransfer);
        if (item === null) return;
        event.preventDefault();
        accept(item).catch(notices.showError);
      },
    },
  };
}

/** The grant for what was dropped; null in a browser, which does not say where it is. */
export async function grantOf(file: File | null): Promise<FileGrant | null> {
  return file === null ? null : ((await shellBridge()?.grantDropped?.(file)) ?? null);
}

/**
 * A file dropped beside the target must not make a browser leave the page: elsewhere in the window drops are refused.
 */
export function useDropGuard(): void {
  const refuse = (event: DragEvent): void => {
    if (event.defaultPrevented || !dragsFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
  };
  window.addEventListener('dragover', refuse);
  window.addEventListener('drop', refuse);
  onScopeDispose(() => {
    window.removeEventListener('dragover', refuse);
    window.removeEventListener('drop', refuse);
  });
}
