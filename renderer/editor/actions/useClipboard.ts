import { onScopeDispose } from 'vue';
import type { Position } from '#core/document/schema.ts';
import { parseFragment } from '#core/edit/fragment.ts';
import { useCanvasStore } from '../state/canvasStore.ts';
import { useNoticeStore } from '../../app/noticeStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { say } from '../../messages/said.ts';
import { isMac, isOverlayOpen, isTextTarget, showKeys } from '../../app/keys.ts';
import { useEditActions } from './editActions.ts';

/** Pixels of the canvas between copies that were pasted at the same place. */
const BESIDE = 40;

/** True when a clipboard event belongs to a text field, a dialog or selected text, and not to the canvas. */
function isForText(event: Event): boolean {
  const words = window.getSelection();
  return isTextTarget(event.target) || isOverlayOpen() || !!words?.toString();
}

function listenWhileAlive(
  handlers: Readonly<Record<'copy' | 'cut' | 'paste', (event: ClipboardEvent) => void>>,
): void {
  for (const name of ['copy', 'cut', 'paste'] as const) {
    document.addEventListener(name, handlers[name]);
    onScopeDispose(() => document.removeEventListener(name, handlers[name]));
  }
}

/**
 * Copy, cut and paste of blocks as text. The browser's events need no permission; commands from the palette use its
 * API.
 */
export function useClipboard() {
  const actions = useEditActions();
  const canvas = useCanvasStore();
  const notices = useNoticeStore();
  const project = useProjectStore();
  let last: { readonly at: Position; readonly times: number } | null = null;

  /** At the pointer; when pasted again without moving it, beside the last copy and not on top of it. */
  function placeOfPaste(): Position | null {
    const at = canvas.api?.pointer() ?? null;
    if (at === null) return null;
    const isSame = last !== null && Math.hypot(at.x - last.at.x, at.y - last.at.y) < 1;
    last = { at, times: isSame && last !== null ? last.times + 1 : 0 };
    return { x: at.x + last.times * BESIDE, y: at.y + last.times * BESIDE };
  }

  function pasteText(text: string): void {
    if (parseFragment(text)) actions.paste(text, placeOfPaste());
    else notices.show({ kind: 'hint', text: say('editor.clipboard.notBlocks') });
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
    const text = say('editor.clipboard.denied', { keys: showKeys(keys, isMac()) });
    notices.show({ kind: 'hint', text });
  }

  return {
    /** Listens to the browser's own clipboard events while the surrounding component lives. */
    listen: (): void => listenWhileAlive({ copy: onCopy, cut: onCopy, paste: onPaste }),
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
