import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { message, sentences, type Message } from '../words/message.ts';

/**
 * Why training cannot start, as one message: the first error with its hint, and the number of further errors. Null
 * without errors.
 */
export function firstError(diagnostics: readonly Diagnostic[]): Message | null {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [found] = errors;
  if (found === undefined) return null;
  const first = sentences(found.message, found.hint);
  return errors.length === 1 ? first : message('graph.firstOfMore', { first, more: errors.length - 1 });
}
