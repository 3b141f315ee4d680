const FIELD = 'input, select, textarea';

/**
 * What a dialog puts the focus on as it opens: what is marked with `data-first-focus`, else its first field, else its primary action,
 * which is the safe one where another destroys something, else the first button that destroys nothing. Null when it has none of these.
 */
export function firstFocus(dialog: HTMLElement): HTMLElement | null {
  const marked = dialog.querySelector<HTMLElement>('[data-first-focus]');
  const fields = [...dialog.querySelectorAll<HTMLInputElement>(FIELD)];
  const field = fields.find((candidate) => !candidate.disabled && candidate.type !== 'hidden');
  return (
    marked ?? field ?? primaryAction(dialog) ?? dialog.querySelector('footer button:not(.danger, :disabled)')
  );
}

/** The button that Enter presses: the primary one of the dialog's foot; null when there is none or it is disabled. */
export function primaryAction(dialog: HTMLElement): HTMLButtonElement | null {
  return dialog.querySelector('footer button.primary:not(:disabled)');
}

/** True when Enter at `target` confirms the dialog, and is not the target's own: a button presses itself, a text goes on. */
export function isConfirming(event: KeyboardEvent): boolean {
  const { target } = event;
  if (event.key !== 'Enter' || event.defaultPrevented || event.isComposing) return false;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  return !(target instanceof Element && target.closest('button, a, select, textarea, summary') !== null);
}

/** Puts the focus back to where it was before a dialog, or to the canvas when that is gone. */
export function returnFocus(before: Element | null): void {
  const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
  const home = isThere ? before : document.querySelector<HTMLElement>('[data-canvas]');
  home?.focus({ preventScroll: true });
}
