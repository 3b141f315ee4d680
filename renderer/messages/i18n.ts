import { createI18n } from 'vue-i18n';
import { LANGUAGES, messages, type Language } from './index.ts';

/**
 * The initial language: the user's choice, else the first of the system's languages that is available, else English.
 */
export function firstLanguage(chosen: string | null, system: readonly string[]): Language {
  const known = LANGUAGES.find((language) => language.value === chosen);
  if (known) return known.value;
  for (const tag of system) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (tag.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages,
  missingWarn: false,
  fallbackWarn: false,
});

/** For texts outside components: stores and commands. Reactive to the language where it is read in a computed. */
export const translate = (key: string, values: Record<string, unknown> = {}): string =>
  i18n.global.t(key, values);
