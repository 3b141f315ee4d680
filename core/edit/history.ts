import type { GraphDocument } from '../document/schema.ts';
import { applyCommand } from './applyCommand.ts';
import type { Command } from './command.ts';
import { applyPatch, diffDocuments, invertPatch, type Patch } from './patch.ts';
import type { Message } from '../words/message.ts';

/** One step of undo. */
export interface HistoryEntry {
  /** Type of the command, or the name that its gesture was begun with: for the menu, "Undo …". */
  readonly label: string;
  readonly patch: Patch;
}

/** A gesture between its first and its last mark: a drag, a field with the focus. */
interface Gesture {
  readonly label: string;
  /** The document when it began. */
  readonly base: GraphDocument;
}

/**
 * A document under edit and the way back. Plain data: it can be kept with the recovery file, and saving does not touch
 * it. Selection is no part of it, so selecting clears nothing.
 */
export interface EditState {
  readonly document: GraphDocument;
  readonly done: readonly HistoryEntry[];
  readonly undone: readonly HistoryEntry[];
  readonly gesture: Gesture | null;
}

/** Steps kept; the oldest are forgotten first. */
export const HISTORY_LIMIT = 1000;

export function openHistory(document: GraphDocument): EditState {
  return { document, done: [], undone: [], gesture: null };
}

/**
 * Carries a command out. Outside a gesture it is a step of its own; inside one, all edits become a single step at the
 * end, several of one parameter too. A refused command gives the state back as it is, with the reason.
 */
export function edit(
  state: EditState,
  command: Command,
): { readonly state: EditState; readonly refusal: Message | null } {
  const result = applyCommand(state.document, command);
  if (!result.ok) return { state, refusal: result.reason };
  if (result.patch.length === 0) return { state, refusal: null };
  if (state.gesture) return { state: { ...state, document: result.document }, refusal: null };
  const entry = { label: command.type, patch: result.patch };
  return { state: push({ ...state, document: result.document }, entry), refusal: null };
}

/** Marks the beginning of a gesture; one that is still open is committed first. */
export function beginGesture(state: EditState, label: string): EditState {
  const settled = commitGesture(state);
  return { ...settled, gesture: { label, base: settled.document } };
}

/**
 * Marks the end: what the gesture changed in all is one step; where it changed nothing there is none, and redo stays.
 */
export function commitGesture(state: EditState): EditState {
  const { gesture } = state;
  if (!gesture) return state;
  const patch = diffDocuments(gesture.base, state.document);
  const closed = { ...state, gesture: null };
  return patch.length === 0 ? closed : push(closed, { label: gesture.label, patch });
}

/** Ends a gesture (Escape) as if it had never begun. */
export function bailGesture(state: EditState): EditState {
  return state.gesture ? { ...state, document: state.gesture.base, gesture: null } : state;
}

/**
 * Takes the last step back; with nothing to take back, gives the state as it is. An open gesture is committed first.
 */
export function undo(state: EditState): EditState {
  const settled = commitGesture(state);
  const entry = settled.done.at(-1);
  if (!entry) return settled;
  return {
    ...settled,
    document: applyPatch(settled.document, invertPatch(entry.patch)),
    done: settled.done.slice(0, -1),
    undone: [...settled.undone, entry],
  };
}

/** Makes the step last taken back again. */
export function redo(state: EditState): EditState {
  const settled = commitGesture(state);
  const entry = settled.undone.at(-1);
  if (!entry) return settled;
  return {
    ...settled,
    document: applyPatch(settled.document, entry.patch),
    done: [...settled.done, entry],
    undone: settled.undone.slice(0, -1),
  };
}

export function canUndo(state: EditState): boolean {
  return state.done.length > 0 || (state.gesture !== null && state.gesture.base !== state.document);
}

export function canRedo(state: EditState): boolean {
  return state.undone.length > 0;
}

function push(state: EditState, entry: HistoryEntry): EditState {
  return { ...state, done: [...state.done, entry].slice(-HISTORY_LIMIT), undone: [] };
}
