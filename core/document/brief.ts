import { message, type MessageValue } from '../words/message.ts';

/** Number of characters of a value that a sentence quotes. */
const MOST = 40;

/**
 * Formats a value for use in a sentence: quoted, and shortened when it is long. An object or array is only named by its
 * type.
 */
export function brief(value: unknown): MessageValue {
  if (value === undefined) return message('blocks.missing');
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (Array.isArray(value)) return message('blocks.list');
  if (typeof value === 'object' && value !== null) return message('blocks.object');
  return shorten(JSON.stringify(value) ?? typeof value);
}

/** Shortens the text to at most `most` characters. */
export function shorten(text: string, most: number = MOST): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
