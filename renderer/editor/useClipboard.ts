import { onScopeDispose } from 'vue';
import { parseFragment } from '#core/edit/fragment.ts';
import { useCanvasStore } from '../stores/canvasStore.ts';
import { useNoticeStore } from '../stores/noticeStore.ts';
import { useProjectStore } from '../stores/projectStore.ts';
import { translate } from '../ui/i18n.ts';
import { isMac, isTextTarget, showKeys } from '../ui/keys.ts';
import { useEditActions } from './editActions.ts';

/** True when a clipboard event belongs to a text field, a dialog or selected words, and not to the canvas. */
function isForText(event: Event): boolean {
  const words = window.getSelection();
  return isTextTarget(event.target) || document.querySelector('dialog[open]') !== null || !!words?.toString();
}

/** Copy, cut and paste of blocks as text. The browser's events need no permission; commands chosen by name use its API. */
export function useClipboard() {
  const actions = useEditActions();
  const canvas = useCanvasStore();
  const notices = useNoticeStore();
  const project = useProjectStore();

  function pasteText(text: string): void {
    if (parseFragment(text)) actions.paste(text, canvas.api?.pointer() ?? null);
    else notices.show({ kind: 'hint', text: translate('editor.clipboard.notBlocks') });
  }

  function onCopy(event: ClipboardEvent): void {
    const text = isForText(event) || !project.active ? null : actions.copyText();
    if (text === null) return;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    if (event.type === 'cut') actions.removeSelection();
  }

  function onPaste(event: ClipboardEvent): void {
    if (isForText(event) || !canvas.api) return;
    event.preventDefault();
    pasteText(event.clipboardData?.getData('text/plain') ?? '');
  }

  /** Listens to the browser's own clipboard events while the surrounding component lives. */
  function listen(): void {
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    onScopeDispose(() => {
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
    });
  }

  async function copy(): Promise<boolean> {
    const text = actions.copyText();
    if (text === null) return false;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      tellKeys('Ctrl+C');
      return false;
    }
  }

  function tellKeys(keys: string): void {
    const text = translate('editor.clipboard.denied', { keys: showKeys(keys, isMac()) });
    notices.show({ kind: 'hint', text });
  }

  return {
    listen,
    copy: async (): Promise<void> => void (await copy()),
    cut: async (): Promise<void> => {
      if (await copy()) actions.removeSelection();
    },
    paste: async (): Promise<void> => {
      try {
        pasteText(await navigator.clipboard.readText());
      } catch {
        tellKeys('Ctrl+V');
      }
    },
  };
}
