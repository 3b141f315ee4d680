import { z } from 'zod';
import { ownIssue } from '../diagnostics/schemaIssue.ts';
import { compilePattern } from '../pattern/pattern.ts';
import { message } from '../words/message.ts';

const patternText = z.string().superRefine((text, context) => {
  if (text === '') context.addIssue(ownIssue(message('schema.emptyPattern')));
  const compiled = compilePattern(text);
  if (!compiled.ok) context.addIssue(ownIssue(message('schema.badPattern', { problem: compiled.problem })));
});

/**
 * Which images belong together (a patient, a session) and so stand on one side of a split. `pattern`: a regular
 * expression searched for in the path inside the folder; what its brackets catch is the group, or the whole match where
 * it has none. `column`: a column of the table of labels, by its header or its number from 1.
 */
export const groupRuleSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('pattern'), pattern: patternText }),
  z.strictObject({ by: z.literal('column'), column: z.string().min(1).max(200) }),
]);
export type GroupRule = z.infer<typeof groupRuleSchema>;
