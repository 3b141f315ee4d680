import type { RunState } from '#core/contract/run.ts';

/**
 * The slowest pace of finished runs, in milliseconds per epoch, and the name of its run; null where none has trained.
 * The slowest one, since runs that move statistics compute the whole network in each step.
 */
export function slowestPace(
  runs: readonly RunState[],
): { readonly msPerEpoch: number; readonly name: string } | null {
  const paces = runs.flatMap(({ name, result }) =>
    result === null || result.epochs === 0
      ? []
      : [{ msPerEpoch: (result.seconds * 1000) / result.epochs, name }],
  );
  return paces.toSorted((a, b) => b.msPerEpoch - a.msPerEpoch)[0] ?? null;
}
