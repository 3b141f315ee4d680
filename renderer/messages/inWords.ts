import { inLanguage } from '#core/words/catalogues.ts';
import type { MessageValue } from '#core/words/message.ts';
import { i18n } from './i18n.ts';

/**
 * Messages of the engine and the core in the language of the screen; reactive where it is read in a template or a
 * computed.
 */
export function inWords(said: MessageValue): string {
  return inLanguage(said, i18n.global.locale.value);
}
