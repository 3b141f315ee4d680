import { z } from 'zod';
import { documentSchema, PROJECT_VERSION, type GraphDocument } from '../document/schema.ts';
import { applyPatch, invertPatch, patchFits, type Patch } from './patch.ts';
import { commitGesture, openHistory, type EditState, type HistoryEntry } from './history.ts';

/** Steps kept in each direction; the most distant ones are dropped. */
export const KEPT_STEPS = 200;
/**
 * Characters of all kept steps together, so that a paste of hundreds of blocks does not outgrow the document itself.
 */
export const KEPT_CHARACTERS = 400_000;

const entrySchema = z.object({
  label: z.string(),
  patch: z.array(
    z.object({ path: z.array(z.string()), before: z.unknown().optional(), after: z.unknown().optional() }),
  ),
});
const keptSchema = z.object({
  /** Version of the project format: steps of another version do not apply to this document. */
  version: z.literal(PROJECT_VERSION),
  done: z.array(entrySchema).max(KEPT_STEPS),
  undone: z.array(entrySchema).max(KEPT_STEPS),
});

const texts = new WeakMap<HistoryEntry, string>();

/** The undo and redo steps of `state` as text, the nearest ones within the limits; an open gesture counts as a step. */
export function keepHistory(state: EditState): string {
  const { done, undone } = commitGesture(state);
  const budget = { left: KEPT_CHARACTERS };
  const kept = { done: nearest(done, budget), undone: nearest(undone, budget) };
  return `{"version":${PROJECT_VERSION},"done":[${kept.done.join()}],"undone":[${kept.undone.join()}]}`;
}

/**
 * The state for editing `document` with the steps that `keepHistory` wrote. The steps are dropped where the text is
 * invalid, or where they do not lead to this document because it was changed elsewhere since. Never throws.
 */
export function resumeHistory(document: GraphDocument, text: string): EditState {
  const fresh = openHistory(document);
  const kept = readKept(text);
  if (kept === null) return fresh;
  const back = kept.done.map(({ patch }) => invertPatch(patch)).reverse();
  const forth = kept.undone.map(({ patch }) => patch).reverse();
  return leads(document, back) && leads(document, forth) ? { ...fresh, ...kept } : fresh;
}

/** Texts of the last entries that fit the budget, in their order. */
function nearest(entries: readonly HistoryEntry[], budget: { left: number }): readonly string[] {
  const kept: string[] = [];
  for (const entry of entries.slice(-KEPT_STEPS).reverse()) {
    const text = texts.get(entry) ?? JSON.stringify(entry);
    texts.set(entry, text);
    if (text.length > budget.left) break;
    budget.left -= text.length;
    kept.unshift(text);
  }
  return kept;
}

function readKept(text: string): Pick<EditState, 'done' | 'undone'> | null {
  try {
    const { done, undone } = keptSchema.parse(JSON.parse(text));
    return { done, undone };
  } catch {
    return null;
  }
}

/** Whether every patch fits the result of the ones before it, and the last result is a valid document. */
function leads(document: GraphDocument, patches: readonly Patch[]): boolean {
  let current = document;
  for (const patch of patches) {
    if (!patchFits(current, patch)) return false;
    current = applyPatch(current, patch);
  }
  return documentSchema.safeParse(current).success;
}
