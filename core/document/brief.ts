import { inEnglish } from '../words/catalogues.ts';
import { message, type Message } from '../words/message.ts';

/** Characters of a value that a sentence quotes. */
const MOST = 40;

/** A value inside a sentence: quoted and cut short where it is long, named by its kind where it holds others, however deep it is. */
export function quotedValue(value: unknown): string | Message {
  if (value === undefined) return message('projects.missing');
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (Array.isArray(value)) return message('projects.aList');
  if (typeof value === 'object' && value !== null) return message('projects.anObject');
  return shorten(JSON.stringify(value) ?? typeof value);
}

/** The same in English. */
export function brief(value: unknown): string {
  const quoted = quotedValue(value);
  return typeof quoted === 'string' ? quoted : inEnglish(quoted);
}

/** The text, or as much of its beginning as a sentence has room for. */
export function shorten(text: string, most: number = MOST): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
