/** The part of a keyboard event that determines which keys were pressed. */
interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const NAMED: Readonly<Record<string, string>> = { ' ': 'Space', '+': 'Plus' };

/**
 * Normal form of a key press, `Ctrl+Shift+Z`: `Ctrl` also stands for the Command key of a Mac. Shift is left out for
 * characters such as `?`.
 */
export function keysOf(press: KeyPress): string {
  const name = NAMED[press.key] ?? (press.key.length === 1 ? press.key.toUpperCase() : press.key);
  const isSign = press.key.length === 1 && !/[a-z0-9 ]/i.test(press.key);
  return [
    press.ctrlKey || press.metaKey ? 'Ctrl' : '',
    press.altKey ? 'Alt' : '',
    press.shiftKey && !isSign ? 'Shift' : '',
    name,
  ]
    .filter(Boolean)
    .join('+');
}

/** Keys that write or move the cursor in a text field even with a modifier, and so belong to a focused field. */
const TEXT_KEYS = /^Ctrl\+(Shift\+)?[ACVXZY]$/;

/** True when a focused text field must receive `keys`: all but function keys and chords that no field uses. */
export function belongsToTextField(keys: string): boolean {
  if (/^F\d+$/.test(keys)) return false;
  return !/^(Ctrl|Alt)\+/.test(keys) || TEXT_KEYS.test(keys);
}

/** Keys as shown on this system: `⌘⇧Z` on a Mac, `Ctrl+Shift+Z` elsewhere. */
export function showKeys(keys: string, isMac: boolean): string {
  const shown = keys.replace('Plus', '+').replace('ArrowUp', '↑').replace('ArrowDown', '↓');
  if (!isMac) return shown;
  return shown.replace('Ctrl+', '⌘').replace('Alt+', '⌥').replace('Shift+', '⇧');
}

/** True for an element that accepts typed text. */
export function isTextTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'range'].includes(target.type);
  // A closed list accepts letters too: they select options by their first letter.
  const isField = target instanceof HTMLTextAreaElement || target.getAttribute('role') === 'combobox';
  return isField || target.isContentEditable;
}

/** True while a dialog, a list or a panel is open over the page: it receives keys and clipboard events. */
export function isOverlayOpen(): boolean {
  return document.querySelector('[data-overlay]') !== null;
}

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);
