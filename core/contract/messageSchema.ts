import { z } from 'zod';
import { isMessageKey } from '../words/catalogues.ts';
import type { MessageKey } from '../words/english.ts';
import { asIs, type Message, type MessageValue } from '../words/message.ts';

/**
 * Greatest depth of nested messages. None of ours comes near it, and it keeps a file from making the parser recurse
 * without end.
 */
const DEPTH = 12;

const plainValue = z.union([z.string(), z.number()]);
const key = z.custom<MessageKey>(
  (value) => typeof value === 'string' && isMessageKey(value),
  'unknown message',
);
const term = z.object({ terms: z.array(z.string()), english: z.string() });

function messageOf(depth: number): z.ZodType<Message> {
  return z.object({ key, values: z.record(z.string(), valueOf(depth - 1)) });
}

function valueOf(depth: number): z.ZodType<MessageValue> {
  if (depth === 0) return plainValue;
  const inner = valueOf(depth - 1);
  return z.union([
    plainValue,
    z.object({ key, values: z.record(z.string(), inner) }),
    term,
    z.object({ chain: z.array(inner) }),
    z.array(inner),
  ]);
}

/** A message of a later version, whose text is not known here: its key is shown instead. */
const strange = z.object({ key: z.string() }).transform(({ key }) => asIs(key));

/** A message on the wire or in a file. Files of earlier versions have an English sentence instead. */
export const messageSchema: z.ZodType<Message> = z.union([
  messageOf(DEPTH),
  z.string().transform(asIs),
  strange,
]);
