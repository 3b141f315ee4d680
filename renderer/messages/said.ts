import { isMessage } from '#core/words/catalogues.ts';
import { sentences, type Message } from '#core/words/message.ts';
import { translate } from './i18n.ts';
import { inWords } from './inWords.ts';

/** A text of the screen, independent of the language: its key in `renderer/messages` and the values of its places. */
interface ScreenText {
  readonly text: string;
  readonly values: Readonly<Record<string, string | number | Said>>;
}

/**
 * What is kept to be shown later: a text of the screen, a message of the engine or the core, or several sentences. It
 * is plain data and is put into words where it is drawn, so it follows the language.
 */
export type Said = ScreenText | Message | readonly Said[];

/** The text of the screen with the key `text`, such as `shell.files.saved`. */
export function say(text: string, values: ScreenText['values'] = {}): ScreenText {
  return { text, values };
}

/** In the language of the screen; reactive where it is read in a template or a computed. */
export function saidInWords(said: Said): string {
  if (isMessage(said)) return inWords(said);
  if (!('text' in said))
    return said
      .map(saidInWords)
      .reduce((first, second) => (first === '' ? second : inWords(sentences(first, second))), '');
  const values = Object.entries(said.values).map(
    ([name, value]) => [name, typeof value === 'object' ? saidInWords(value) : value] as const,
  );
  return translate(said.text, Object.fromEntries<string | number>(values));
}
