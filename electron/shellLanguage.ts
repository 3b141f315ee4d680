import { app } from 'electron';
import { inLanguage } from '#core/words/catalogues.ts';
import type { MessageValue } from '#core/words/message.ts';

/**
 * Texts of the shell: in Chinese where the system's language is Chinese, else in English. The screen chooses in the
 * same way when it is opened first.
 */
export function inSystemWords(said: MessageValue): string {
  return inLanguage(said, app.getLocale().toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');
}
