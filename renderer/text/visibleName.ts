import { visibleText } from '#core/diagnostics/visibleText.ts';

/** A file or class name that is safe to display: invisible characters become `\u{202e}`, a name of spaces is quoted. */
export function visibleName(name: string): string {
  return name.trim() === '' ? JSON.stringify(name) : visibleText(name);
}
