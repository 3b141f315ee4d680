import type { EnglishText, MessageKey } from './english.ts';

/**
 * Something to tell people, before it is put into words: the key of a text in the catalogues, and what stands in the
 * places of that text. Plain data: it crosses processes and is worded where it is shown, in the language of that place.
 */
export interface Message {
  readonly key: MessageKey;
  readonly values: MessageValues;
}

type MessageValues = Readonly<Record<string, MessageValue>>;

/** A list is shown with the separator of the language, a chain with arrows. */
export type MessageValue = string | number | Message | Term | Chain | readonly MessageValue[];

/**
 * The name of something that is defined elsewhere, such as a block or a parameter: its English stands at the
 * definition. `terms`: where a translation may have it, the first one wins.
 */
export interface Term {
  readonly terms: readonly string[];
  readonly english: string;
}

/** Things that follow one another: `a → b → c`. */
interface Chain {
  readonly chain: readonly MessageValue[];
}

/** The names in braces of a text. */
type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Places<Rest>
  : never;

type ValuesOf<Key extends MessageKey> = [Places<EnglishText<Key>>] extends [never]
  ? []
  : [values: Readonly<Record<Places<EnglishText<Key>>, MessageValue>>];

/**
 * A message with the text `key` and a value for each of its places. Numbers are shown as JavaScript prints them; who
 * wants fewer digits passes a text. A number that is not finite becomes a text, since JSON has none.
 */
export function message<Key extends MessageKey>(key: Key, ...[values]: ValuesOf<Key>): Message {
  const entries = Object.entries<MessageValue>(values ?? {});
  return { key, values: Object.fromEntries(entries.map(([name, value]) => [name, plainValue(value)])) };
}

/** A text that has no key, as a message: what a library or the system said. */
export function asIs(text: string): Message {
  return message('plain.asIs', { text });
}

/** Two sentences, one after the other. */
export function sentences(first: MessageValue, second: MessageValue): Message {
  return message('plain.sentences', { first, second });
}

/** True for two messages that say the same. */
export function isSameMessage(one: Message, other: Message): boolean {
  return one.key === other.key && JSON.stringify(one.values) === JSON.stringify(other.values);
}

function plainValue(value: MessageValue): MessageValue {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
