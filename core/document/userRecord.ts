import { z } from 'zod';
import { ownIssue, partOfIssue } from '../diagnostics/schemaIssue.ts';
import { message } from '../words/message.ts';
import { LONGEST_NAME } from './limits.ts';

/**
 * Schema of an object whose keys are names from the user (class names, file names), each value checked by `value`.
 * Unlike `z.record` it keeps every key, including `__proto__`, which zod drops because assigning it would change the
 * prototype. Keys must not be empty or longer than `LONGEST_NAME`.
 */
export function userRecord<Value>(value: z.ZodType<Value>) {
  return z
    .custom<Record<string, Value>>(isPlainObject, { params: ownIssue(message('schema.mustBeObject')).params })
    .transform((record, context): Record<string, Value> => {
      const entries = Object.entries(record).map(([name, item]): [string, Value] => {
        if (name === '') context.addIssue({ ...ownIssue(message('schema.emptyName')), path: [name] });
        if (name.length > LONGEST_NAME)
          context.addIssue({ ...ownIssue(message('schema.longName')), path: [name.slice(0, 40)] });
        const parsed = value.safeParse(item, { reportInput: true });
        if (parsed.success) return [name, parsed.data];
        for (const issue of parsed.error.issues)
          context.addIssue({ ...ownIssue(partOfIssue(issue)), path: [name, ...issue.path] });
        return [name, item];
      });
      // Defines properties instead of assigning them.
      return Object.fromEntries(entries);
    });
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
