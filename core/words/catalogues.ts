import { CHINESE } from './chinese.ts';
import { ENGLISH, type MessageKey } from './english.ts';
import type { Message, MessageValue } from './message.ts';
import { wordValue, type Catalogue } from './wordMessage.ts';
import { terms } from './zh/terms.ts';

/** The texts of each language, by its tag. */
const CATALOGUES = {
  en: { texts: ENGLISH, terms: {} },
  'zh-CN': { texts: CHINESE, terms },
} satisfies Record<string, Catalogue>;

export type Language = keyof typeof CATALOGUES;

/** A message in the words of `language`. */
export function inLanguage(said: MessageValue, language: Language): string {
  return wordValue(said, CATALOGUES[language]);
}

/** A message in English: for the terminal, logs, stack traces and tests. */
export function inEnglish(said: MessageValue): string {
  return wordValue(said, CATALOGUES.en);
}

/** True when `value` is a message: an object with a known key and values. */
export function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null || !('key' in value) || !('values' in value)) return false;
  const { key, values } = value;
  return typeof key === 'string' && isMessageKey(key) && typeof values === 'object' && values !== null;
}

/** True for a key of the catalogues. */
export function isMessageKey(key: string): key is MessageKey {
  const [subject = '', name = '', ...rest] = key.split('.');
  const texts: Catalogue['texts'] = ENGLISH;
  return rest.length === 0 && Object.hasOwn(texts, subject) && Object.hasOwn(texts[subject] ?? {}, name);
}
