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
 * Which images form a group, for example those of one patient, and so stay on one side of a split. `pattern`: a regular
 * expression that is searched in the path relative to the folder; its capturing groups name the group, or the whole
 * match when it has none. `column`: a column of the table of labels, by its header or its number from 1.
 */
export const groupRuleSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('pattern'), pattern: patternText }),
  z.strictObject({ by: z.literal('column'), column: z.string().min(1).max(200) }),
]);
export type GroupRule = z.infer<typeof groupRuleSchema>;
