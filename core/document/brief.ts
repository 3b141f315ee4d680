import { message, type MessageValue } from '../words/message.ts';

/** Characters of a value that a sentence quotes. */
const MOST = 40;

/**
 * A value inside a sentence: quoted and cut short where it is long, named by its kind where it holds others, however
 * deep it is.
 */
export function brief(value: unknown): MessageValue {
  if (value === undefined) return message('blocks.missing');
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (Array.isArray(value)) return message('blocks.list');
  if (typeof value === 'object' && value !== null) return message('blocks.object');
  return shorten(JSON.stringify(value) ?? typeof value);
}

/** The text, or as much of its beginning as a sentence has room for. */
export function shorten(text: string, most: number = MOST): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
