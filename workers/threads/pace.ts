import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';

/** Longest stretch of work between two turns of the event loop. */
const SLICE_MS = 12;

/** Lets long loops of synchronous work give way to other work, be cancelled and report how far they are. */
export interface Pace {
  /** Call after each small piece of work. Throws `AppError('interrupted')` once the signal is aborted. */
  tick(done: number, total: number | null): Promise<void> | undefined;
  /** Lets in every message that has arrived, and throws as `tick` does: call it before what cannot be taken back. */
  settle(): Promise<void>;
}

/**
 * Gives a pace over an optional signal and progress callback. Awaiting promises that are resolved never lets the event
 * loop turn, and then no message arrives that could cancel the work: every long loop over data in memory awaits `tick`.
 * `ended` is what the error that ends the work says.
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
