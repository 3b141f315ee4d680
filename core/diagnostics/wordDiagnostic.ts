import type { MessageValue } from '../words/message.ts';
import type { Diagnostic, QuickFix } from './diagnostic.ts';

/** A diagnostic with its texts in words. */
export interface WordedDiagnostic extends Omit<Diagnostic, 'message' | 'hint' | 'fix'> {
  readonly message: string;
  readonly hint: string;
  readonly fix?: Omit<QuickFix, 'title'> & { readonly title: string };
}

/** The diagnostic with its texts put into words by `word`. */
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
