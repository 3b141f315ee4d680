import { isMainThread } from 'node:worker_threads';

/**
 * Iterations of an empty loop, about a tenth of a millisecond: longer than a part of a step that one thread computes,
 * and than the gap between two steps of one run. With half as many, the threads of a step of 0.3 ms fell asleep within
 * it, and it took 0.6 ms.
 */
const SPIN_COUNT = '2000';

/**
 * Makes OpenMP's idle threads sleep soon instead of spinning for milliseconds (libgomp's default), so that decoders and
 * a second training get the cores. With two busy cores a step took a third to a fifth of the time, with idle ones the
 * same. libgomp reads the process's environment when the addon is first loaded, and only the main thread can set it:
 * call this in the main thread, before any worker loads the addon. A user's own OMP_WAIT_POLICY or GOMP_SPINCOUNT is
 * kept.
 */
export function quietIdleThreads(): void {
  if (!isMainThread || process.env['OMP_WAIT_POLICY'] !== undefined) return;
  process.env['GOMP_SPINCOUNT'] ??= SPIN_COUNT;
}
