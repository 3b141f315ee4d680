import type { z } from 'zod';
import type { Term } from '../words/message.ts';

/** What a schema finds wrong with a value: its own words in English, those for the kind of problem in a translation. */
export function issueTerm(issue: z.core.$ZodIssue): Term {
  const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
  const found = inner ?? issue;
  return { terms: [`issues.${found.code}`], english: withoutPrefix(found.message) };
}

/** How the schema's own sentences begin, which says nothing here. */
const PREFIX = 'Invalid input: ';

function withoutPrefix(text: string): string {
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text;
}
