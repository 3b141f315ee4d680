import { z } from 'zod';
import { LONGEST_NAME } from './limits.ts';

/**
 * An object keyed by words of the user's (class names, file names), each value checked by `value`. Unlike `z.record` it keeps every
 * name, `__proto__` too, which zod leaves out because an assignment to it would change the prototype. Names must not be empty, nor longer than
 * `LONGEST_NAME`.
 */
export function userRecord<Value>(value: z.ZodType<Value>) {
  return z
    .custom<Record<string, Value>>(isPlainObject, 'must be an object')
    .transform((record, context): Record<string, Value> => {
      const entries = Object.entries(record).map(([name, item]): [string, Value] => {
        if (name === '') context.addIssue({ code: 'custom', path: [name], message: 'a name is empty' });
        if (name.length > LONGEST_NAME)
          context.addIssue({ code: 'custom', path: [name.slice(0, 40)], message: 'a name is too long' });
        const parsed = value.safeParse(item);
        if (parsed.success) return [name, parsed.data];
        for (const { path, message } of parsed.error.issues)
          context.addIssue({ code: 'custom', path: [name, ...path], message });
        return [name, item];
      });
      // Defines properties; it does not assign them.
      return Object.fromEntries(entries);
    });
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
