import type { MessageValue } from '../words/message.ts';
import type { Diagnostic, QuickFix } from './diagnostic.ts';

/** A diagnostic whose messages are put into words. */
export interface WordedDiagnostic extends Omit<Diagnostic, 'message' | 'hint' | 'fix'> {
  readonly message: string;
  readonly hint: string;
  readonly fix?: Omit<QuickFix, 'title'> & { readonly title: string };
}

/** Returns the diagnostic with its messages put into words by `word`. */
export function wordDiagnostic(
  { fix, ...diagnostic }: Diagnostic,
  word: (said: MessageValue) => string,
): WordedDiagnostic {
  return {
    ...diagnostic,
    message: word(diagnostic.message),
    hint: word(diagnostic.hint),
    ...(fix === undefined ? {} : { fix: { ...fix, title: word(fix.title) } }),
  };
}
