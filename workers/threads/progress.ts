import type { z } from 'zod';
import { progressSchema } from '#core/contract/labApi.ts';
import { isSameMessage, type Message } from '#core/words/message.ts';

export { progressSchema };
export type Progress = z.infer<typeof progressSchema>;
export type OnProgress = (label: Message, done: number, total: number | null) => void;

/** What work with progress is given beside its request. */
export interface TaskContext {
  /** Aborted by a cancel. */
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Progress is told at most this often while pieces of work fly by. */
const TELL_EVERY_MS = 100;

/** Hands progress on at most every 100 ms; a new label and the end of a part are told at once. */
export function seldom(tell: (progress: Progress) => void): OnProgress {
  let toldAt = -Infinity;
  let toldLabel: Message | null = null;
  return (label, done, total) => {
    const now = performance.now();
    const isSamePart = toldLabel !== null && isSameMessage(label, toldLabel);
    if (isSamePart && done !== total && now - toldAt < TELL_EVERY_MS) return;
    [toldAt, toldLabel] = [now, label];
    tell({ label, done, total });
  };
}
