import { message, type MessageValue } from '../words/message.ts';

/** Names told one by one before the rest is counted. */
const MOST = 12;

/** The names; of a long list the first ones, and how many more there are, so that a message keeps its length. */
export function listSome(names: readonly MessageValue[]): readonly MessageValue[] {
  if (names.length <= MOST) return names;
  return [...names.slice(0, MOST), message('graph.more', { more: names.length - MOST })];
}
