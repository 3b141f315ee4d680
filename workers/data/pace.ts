import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '#core/diagnostics/appError.ts';

/** Longest stretch of work between two turns of the event loop. */
const SLICE_MS = 12;

/** Lets long loops of short synchronous work give way to other work, be cancelled and report how far they are. */
export interface Pace {
  /** Call after each small piece of work. Throws `AppError('interrupted')` once the signal is aborted. */
  tick(done: number, total: number | null): Promise<void> | undefined;
}

/** Gives a pace over an optional signal and progress callback. */
export function createPace(
  signal?: AbortSignal,
  onProgress?: (done: number, total: number | null) => void,
): Pace {
  let sliceStart = performance.now();
  const turn = async (done: number, total: number | null): Promise<void> => {
    onProgress?.(done, total);
    await nextTurn();
    throwIfAborted(signal);
    sliceStart = performance.now();
  };
  return {
    tick: (done, total) => (performance.now() - sliceStart < SLICE_MS ? undefined : turn(done, total)),
  };
}

/** Throws `AppError('interrupted')` when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError('interrupted', 'Reading the images was cancelled.');
}
