import { onScopeDispose, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { isOverlayOpen, isTextTarget } from '../../app/keys.ts';
import { useNoticeStore } from '../../app/noticeStore.ts';
import { dragsFiles, droppedItem } from '../../files/folderDrop.ts';
import { pickImage } from '../../files/useFileDialog.ts';
import { grantOf } from '../../files/useFolderDrop.ts';
import { say } from '../../messages/said.ts';
import { formatBytes } from '../../text/formatNumber.ts';
import { LARGEST_PICTURE_BYTES, sourceOfBytes, type PictureSource } from './pictureSource.ts';

/**
 * Pictures that the user chooses, drops or pastes. The desktop app receives the path of a dropped file; a browser reads
 * its bytes. `isReady`: pastes are taken; those of text go to the canvas.
 */
export function usePictureIntake(isReady: () => boolean, take: (source: PictureSource) => void) {
  const { t, locale } = useI18n();
  const notices = useNoticeStore();
  const isOver = ref(false);

  async function takeFile(file: File): Promise<void> {
    const grant = await grantOf(file);
    if (grant !== null) take({ kind: 'file', file: grant.grant });
    else await takeBytes(file.name, file);
  }

  async function takeBytes(name: string, content: Blob): Promise<void> {
    if (content.size > LARGEST_PICTURE_BYTES) {
      const most = formatBytes(LARGEST_PICTURE_BYTES, locale.value);
      notices.show({ kind: 'warning', text: say('picture.drop.tooLarge', { most }) });
    } else take(await sourceOfBytes(name, content));
  }

  function drop(event: DragEvent): void {
    isOver.value = false;
    // The dropped items can be read only until this handler returns.
    const item = event.dataTransfer === null ? null : droppedItem(event.dataTransfer);
    if (item === null) return;
    event.preventDefault();
    if (item.kind === 'file' && item.file !== null) takeFile(item.file).catch(notices.showError);
    else notices.show({ kind: 'warning', text: say(`picture.drop.${item.kind}`) });
  }

  function paste(event: ClipboardEvent): void {
    const image = pastedImage(event.clipboardData);
    if (image === null || !isReady() || isTextTarget(event.target) || isOverlayOpen()) return;
    event.preventDefault();
    // The canvas would report that this is no block.
    event.stopImmediatePropagation();
    takeBytes(image.name, image).catch(notices.showError);
  }
  document.addEventListener('paste', paste, { capture: true });
  onScopeDispose(() => document.removeEventListener('paste', paste, { capture: true }));

  return {
    isOver,
    choose: async (): Promise<void> => {
      const file = await pickImage(t('picture.pick'));
      if (file !== null) take({ kind: 'file', file: file.grant });
    },
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
      drop,
    },
  };
}

/** The image of a paste; null for text, also where the program that copied it added an image of the text. */
export function pastedImage(data: Pick<DataTransfer, 'files' | 'getData'> | null): File | null {
  if (data === null || data.getData('text/plain') !== '') return null;
  return [...data.files].find(({ type }) => type.startsWith('image/')) ?? null;
}
