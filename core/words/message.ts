import type { EnglishText, MessageKey } from './english.ts';

/**
 * A message for the user, independent of the language: the key of a text in the catalogues and the values of its
 * placeholders. It is plain data, so it can be sent to another process; it is put into words where it is shown.
 */
export interface Message {
  readonly key: MessageKey;
  readonly values: MessageValues;
}

type MessageValues = Readonly<Record<string, MessageValue>>;

/** The value of a placeholder. A list is shown with the separator of the language, a chain with arrows. */
export type MessageValue = string | number | Message | Term | Chain | readonly MessageValue[];

/**
 * The name of something that is defined elsewhere, such as a block or a parameter. Its English text is part of the
 * definition. `terms` lists the paths under which a translation may have it; the first match is used.
 */
export interface Term {
  readonly terms: readonly string[];
  readonly english: string;
}

/** An ordered sequence, shown as `a → b → c`. */
interface Chain {
  readonly chain: readonly MessageValue[];
}

/** The names of the placeholders of a text, such as `name` in `{name}`. */
type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Places<Rest>
  : never;

type ValuesOf<Key extends MessageKey> = [Places<EnglishText<Key>>] extends [never]
  ? []
  : [values: Readonly<Record<Places<EnglishText<Key>>, MessageValue>>];

/**
 * Returns a message with the text `key` and a value for each placeholder. Numbers are shown as JavaScript prints them;
 * to show fewer digits, pass a string. A number that is not finite becomes a string, since JSON cannot hold it.
 */
export function message<Key extends MessageKey>(key: Key, ...[values]: ValuesOf<Key>): Message {
  const entries = Object.entries<MessageValue>(values ?? {});
  return { key, values: Object.fromEntries(entries.map(([name, value]) => [name, plainValue(value)])) };
}

/** Wraps a text without a key in a message, such as the error text of a library or of the system. */
export function asIs(text: string): Message {
  return message('plain.asIs', { text });
}

/** Two sentences, one after the other. */
export function sentences(first: MessageValue, second: MessageValue): Message {
  return message('plain.sentences', { first, second });
}

/** True when both messages have the same content. */
export function isSameMessage(one: Message, other: Message): boolean {
  return one.key === other.key && JSON.stringify(one.values) === JSON.stringify(other.values);
}

function plainValue(value: MessageValue): MessageValue {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
