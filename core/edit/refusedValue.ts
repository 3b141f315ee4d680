import type { z } from 'zod';
import { schemaIssue } from '../diagnostics/schemaIssue.ts';
import { message, type Message } from '../words/message.ts';

/** The problem of an invalid value in an edit, from the first issue of a parse with `reportInput`. */
export function refusedValue(issue: z.core.$ZodIssue | undefined): Message {
  if (issue === undefined) return message('edit.notValid');
  if (issue.code !== 'unrecognized_keys') return schemaIssue(issue);
  const keys = issue.keys.map((key) => JSON.stringify(key));
  return message(keys.length === 1 ? 'edit.unknownKey' : 'edit.unknownKeys', { keys });
}
