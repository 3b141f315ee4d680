import { onScopeDispose } from 'vue';
import { useCommandStore } from '../app/commandStore.ts';
import { isOverlayOpen, isTextTarget, keysOf } from '../app/keys.ts';

type Focus = 'text' | 'canvas' | 'elsewhere';

/** Without a focused element the canvas counts as focused: the keys of the workspace are meant for it. */
function focusOf(target: EventTarget | null): Focus {
  if (isTextTarget(target)) return 'text';
  if (!(target instanceof Element) || target === document.body) return 'canvas';
  const isControl = target.closest('button, a, summary') !== null;
  return target.closest('[data-canvas]') && !isControl ? 'canvas' : 'elsewhere';
}

/** Runs commands by their keys, while no dialog is open. */
export function useKeyboard(): void {
  const commands = useCommandStore();

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || isOverlayOpen()) return;
    const command = commands.commandFor(keysOf(event), focusOf(event.target));
    if (!command) return;
    event.preventDefault();
    if (commands.isEnabled(command)) void command.run();
  }

  window.addEventListener('keydown', onKeyDown);
  onScopeDispose(() => window.removeEventListener('keydown', onKeyDown));
}
