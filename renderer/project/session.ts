import { z } from 'zod';

/** One open project as it is kept for the next start of this window. */
const keptTabSchema = z.object({
  /** The document as text, as it stood when it was kept. */
  project: z.string(),
  /** Path and name of its file; null when it has none. */
  file: z.object({ path: z.string(), name: z.string(), version: z.string().optional() }).nullable(),
  /** The text differs from the file, or from what was begun. */
  isUnsaved: z.boolean(),
  /** Steps of undo and redo around it (`core/edit/keptHistory.ts`); empty for none. */
  history: z.string().default(''),
});

const sessionSchema = z.object({
  keptAtMs: z.number().default(0),
  /** Of the window, so that it finds its recovery copies again. */
  windowId: z.string().nullable().default(null),
  tabs: z.array(keptTabSchema).default([]),
  /** Which tab was in front; -1 for none. */
  active: z.number().default(-1),
});

export type Session = z.infer<typeof sessionSchema>;
type TextStore = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'normlab.session';

/** The session kept in `store`; null where none is, or none that can be read. Never throws. */
export function readSession(store: TextStore): Session | null {
  try {
    const text = store.getItem(KEY);
    return text === null ? null : sessionSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Keeps a session: the documents matter more than their undo steps, which are left out where the store has no room for
 * both. A full or forbidden store keeps none: unsaved work has its recovery files besides. Never throws.
 */
export function writeSession(store: TextStore, session: Session): void {
  const short = { ...session, tabs: session.tabs.map((tab) => ({ ...tab, history: '' })) };
  if (!tryToWrite(store, session)) tryToWrite(store, short);
}

function tryToWrite(store: TextStore, session: Session): boolean {
  try {
    store.setItem(KEY, JSON.stringify(session));
    return true;
  } catch {
    return false;
  }
}
