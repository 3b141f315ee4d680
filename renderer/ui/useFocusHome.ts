/**
 * Returns the handler of `close-auto-focus` for a dialog. Reka UI returns the focus to the element that had it before
 * the dialog opened; when that is gone, or there was none, the handler focuses the canvas. Call it in the dialog's
 * setup.
 */
export function useFocusHome(): (event: Event) => void {
  const before = document.activeElement;
  return (event) => {
    if (before instanceof HTMLElement && before.isConnected && before !== document.body) return;
    event.preventDefault();
    document.querySelector<HTMLElement>('[data-canvas]')?.focus({ preventScroll: true });
  };
}
