import { visibleText } from '#core/diagnostics/visibleText.ts';

/**
 * A file or class name as it can be shown safely: characters that cannot be seen stand as `\u{202e}`, a name of spaces
 * in quotes.
 */
export function visibleName(name: string): string {
  return name.trim() === '' ? JSON.stringify(name) : visibleText(name);
}
