import type { Message, MessageValue } from '../words/message.ts';

/** Notes that say the same of several blocks become one that lists them; a photo network has dozens of activations. */
export function groupNotes(notes: readonly Message[]): readonly Message[] {
  const groups = new Map<string, { readonly note: Message; readonly blocks: MessageValue[] }>();
  for (const note of notes) {
    const { block, ...values } = note.values;
    const key = JSON.stringify([note.key, values]);
    const group = groups.get(key) ?? { note, blocks: [] };
    groups.set(key, group);
    if (block !== undefined) group.blocks.push(block);
  }
  return [...groups.values()].map(({ note, blocks }) =>
    blocks.length < 2 ? note : { ...note, values: { ...note.values, block: blocks } },
  );
}
