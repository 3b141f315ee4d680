import { app } from 'electron';
import { inLanguage } from '#core/words/catalogues.ts';
import type { MessageValue } from '#core/words/message.ts';

/**
 * What the shell itself says, in Chinese where the system speaks it, else in English: as the screen when it is opened
 * first.
 */
export function inSystemWords(said: MessageValue): string {
  return inLanguage(said, app.getLocale().toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');
}
