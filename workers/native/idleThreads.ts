import { isMainThread } from 'node:worker_threads';

/** Turns of an empty loop, some tens of microseconds: longer than the gap between two steps of one run. */
const SPIN_COUNT = '1000';

/**
 * Makes OpenMP's idle threads sleep soon instead of spinning for milliseconds (libgomp's default), so that decoders and
 * a second trainer get the cores: on two busy cores a step took a third to a fifth of the time, on idle ones the same.
 * libgomp reads the process's environment when the addon is first loaded, and only the main thread can set that: call
 * this there, before any worker loads the addon. A user's own OMP_WAIT_POLICY or GOMP_SPINCOUNT stands.
 */
export function quietIdleThreads(): void {
  if (!isMainThread || process.env['OMP_WAIT_POLICY'] !== undefined) return;
  process.env['GOMP_SPINCOUNT'] ??= SPIN_COUNT;
}
