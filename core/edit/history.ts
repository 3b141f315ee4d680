import type { GraphDocument } from '../document/schema.ts';
import { applyCommand } from './applyCommand.ts';
import type { Command } from './command.ts';
import { applyPatch, diffDocuments, invertPatch, type Patch } from './patch.ts';
import type { Message } from '../words/message.ts';

/** One step of undo. */
export interface HistoryEntry {
  /** Type of the command, or the name of the gesture, for the menu: "Undo …". */
  readonly label: string;
  readonly patch: Patch;
}

/** A series of edits that becomes one step: a drag, or the time a field has the focus. */
interface Gesture {
  readonly label: string;
  /** The document at its start. */
  readonly base: GraphDocument;
}

/**
 * A document under edit with its undo and redo steps. Plain data: it can be stored with the recovery file, and saving
 * does not change it. It does not contain the selection, so selecting clears nothing.
 */
export interface EditState {
  readonly document: GraphDocument;
  readonly done: readonly HistoryEntry[];
  readonly undone: readonly HistoryEntry[];
  readonly gesture: Gesture | null;
}

/** Number of steps kept; the oldest are dropped first. */
export const HISTORY_LIMIT = 1000;

export function openHistory(document: GraphDocument): EditState {
  return { document, done: [], undone: [], gesture: null };
}

/**
 * Applies a command. Outside a gesture it is a step of its own; within a gesture, all edits become a single step at the
 * end, even several of one parameter. A refused command returns the state unchanged, with the reason.
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

/** Starts a gesture; an open one is committed first. */
export function beginGesture(state: EditState, label: string): EditState {
  const settled = commitGesture(state);
  return { ...settled, gesture: { label, base: settled.document } };
}

/** Ends a gesture: all its changes become one step. Without changes there is no step, and redo is kept. */
export function commitGesture(state: EditState): EditState {
  const { gesture } = state;
  if (!gesture) return state;
  const patch = diffDocuments(gesture.base, state.document);
  const closed = { ...state, gesture: null };
  return patch.length === 0 ? closed : push(closed, { label: gesture.label, patch });
}

/** Cancels a gesture (Escape) and restores the document at its start. */
export function bailGesture(state: EditState): EditState {
  return state.gesture ? { ...state, document: state.gesture.base, gesture: null } : state;
}

/** Undoes the last step; returns the state unchanged when there is none. An open gesture is committed first. */
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

/** Redoes the step that was undone last. */
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
