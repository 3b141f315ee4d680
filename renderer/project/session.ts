import { z } from 'zod';

/** One open project as it is stored for the next start of this window. */
const keptTabSchema = z.object({
  /** The document as text, at the time of storing. */
  project: z.string(),
  /** Path and name of its file; null when it has none. */
  file: z.object({ path: z.string(), name: z.string(), version: z.string().optional() }).nullable(),
  /** The text differs from the file, or from the initial document. */
  isUnsaved: z.boolean(),
  /** Undo and redo steps (`core/edit/keptHistory.ts`); empty for none. */
  history: z.string().default(''),
});

const sessionSchema = z.object({
  keptAtMs: z.number().default(0),
  /** Id of the window, so that it finds its recovery copies again. */
  windowId: z.string().nullable().default(null),
  tabs: z.array(keptTabSchema).default([]),
  /** Index of the active tab; -1 for none. */
  active: z.number().default(-1),
});

export type Session = z.infer<typeof sessionSchema>;
type TextStore = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'normlab.session';

/** The session in `store`; null where there is none, or an unreadable one. Never throws. */
export function readSession(store: TextStore): Session | null {
  try {
    const text = store.getItem(KEY);
    return text === null ? null : sessionSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Stores a session. The documents matter more than their undo steps, which are left out where the store lacks space for
 * both. With a full or forbidden store nothing is stored: unsaved work has its recovery files too. Never throws.
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
