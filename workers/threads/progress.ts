import type { z } from 'zod';
import { progressSchema } from '#core/contract/labApi.ts';
import { isSameMessage, type Message } from '#core/words/message.ts';

export { progressSchema };
export type Progress = z.infer<typeof progressSchema>;
export type OnProgress = (label: Message, done: number, total: number | null) => void;

/** Passed to work with progress, beside its request. */
export interface TaskContext {
  /** Aborted by a cancel. */
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Minimum interval between two progress reports. */
const TELL_EVERY_MS = 100;

/** Passes progress on at most every 100 ms; a new label and the end of a part are passed on at once. */
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
