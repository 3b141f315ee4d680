import { message, type MessageValue } from '../words/message.ts';

/** Maximum number of names to list. */
const MOST = 12;

/**
 * The names; a long list is cut and followed by the number of the remaining ones, which bounds the length of a message.
 */
export function listSome(names: readonly MessageValue[]): readonly MessageValue[] {
  if (names.length <= MOST) return names;
  return [...names.slice(0, MOST), message('graph.more', { more: names.length - MOST })];
}
