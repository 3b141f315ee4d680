import { isSameMessage } from '#core/words/message.ts';
import type { LabEventOf } from '../client/eventHub.ts';

type WorkProgress = NonNullable<LabEventOf<'recalibration'>['progress']>;

/** A recalibration, or its undoing, in progress. */
export interface Work {
  /** Null until the lab reports progress. */
  readonly progress: WorkProgress | null;
  /** When its present part began, in milliseconds since 1970. */
  readonly sinceMs: number;
}

/** The work after a progress report: a new label begins a new part. */
export function workAfter(work: Work | undefined, progress: WorkProgress | null, nowMs: number): Work {
  const goesOn = work !== undefined && isSamePart(work.progress, progress);
  return { progress, sinceMs: goesOn ? work.sinceMs : nowMs };
}

function isSamePart(one: WorkProgress | null, other: WorkProgress | null): boolean {
  return one === null || other === null ? one === other : isSameMessage(one.label, other.label);
}

/** Milliseconds to the end of the present part at its speed so far; null while unknown. */
export function partLeftMs({ progress, sinceMs }: Work, nowMs: number): number | null {
  if (progress === null || progress.total === null || progress.done <= 0) return null;
  return ((nowMs - sinceMs) / progress.done) * Math.max(0, progress.total - progress.done);
}
