import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';

/** Longest stretch of work between two turns of the event loop. */
const SLICE_MS = 12;

/** Lets long loops of synchronous work yield to other work, be cancelled and report progress. */
export interface Pace {
  /** Call after each small piece of work. Throws `AppError('interrupted')` once the signal is aborted. */
  tick(done: number, total: number | null): Promise<void> | undefined;
  /**
   * Processes every message that has arrived, and throws as `tick` does. Call it before a step that cannot be undone.
   */
  settle(): Promise<void>;
}

/**
 * Returns a pace for an optional signal and progress callback. Awaiting resolved promises never turns the event loop,
 * so no message that could cancel the work arrives: every long loop over data in memory awaits `tick`. `ended` is the
 * message of the error that ends the work.
 */
export function createPace(
  signal?: AbortSignal,
  onProgress?: (done: number, total: number | null) => void,
  ended?: Message,
): Pace {
  let sliceStart = performance.now();
  const settle = async (): Promise<void> => {
    await nextTurn();
    throwIfAborted(signal, ended);
    sliceStart = performance.now();
  };
  const turn = (done: number, total: number | null): Promise<void> => {
    onProgress?.(done, total);
    return settle();
  };
  return {
    settle,
    tick: (done, total) => {
      if (performance.now() - sliceStart >= SLICE_MS) return turn(done, total);
      throwIfAborted(signal, ended);
      return undefined;
    },
  };
}

/** Throws `AppError('interrupted')` when the signal is aborted. */
export function throwIfAborted(
  signal: AbortSignal | undefined,
  ended = message('folders.readingCancelled'),
): void {
  if (signal?.aborted === true) throw new AppError('interrupted', ended);
}
