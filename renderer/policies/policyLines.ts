import type { LiveComparison } from '#core/contract/policyCalls.ts';
import type { RunState } from '#core/contract/run.ts';
import { RUN_POLICIES } from '#core/nodes/batchNormPolicies.ts';
import { policyRows, type PolicyRow, type RowPolicy } from '#core/training/policyRows.ts';

/** A comparison of policies whose runs are known. */
export interface Comparison {
  readonly id: string;
  /** In the order in which they started. */
  readonly runs: readonly RunState[];
}

/** A line of the table of a comparison. */
export interface ComparisonLine {
  readonly policy: RowPolicy;
  /** Null for the weights as they came, and while the run waits. */
  readonly run: RunState | null;
  /** Null before the run has finished. */
  readonly row: PolicyRow | null;
}

/** The comparisons that runs belong to, the newest first. `runs`: newest first, as the lab lists them. */
export function comparisonsOf(runs: readonly RunState[]): readonly Comparison[] {
  const byId = new Map<string, RunState[]>();
  for (const run of runs) {
    if (run.series === undefined) continue;
    byId.set(run.series.id, [run, ...(byId.get(run.series.id) ?? [])]);
  }
  return [...byId].map(([id, of]) => ({ id, runs: of }));
}

/** The rows of the finished runs. */
export function rowsOf({ runs }: Comparison): readonly PolicyRow[] {
  return policyRows(runs.flatMap(({ result }) => result ?? []));
}

/** The lines of a comparison: the weights as they came, then each policy that has run or waits. */
export function comparisonLines(
  comparison: Comparison,
  live: LiveComparison | null,
): readonly ComparisonLine[] {
  const rows = rowsOf(comparison);
  const rowOf = (policy: RowPolicy): PolicyRow | null => rows.find((row) => row.policy === policy) ?? null;
  const waiting = live?.seriesId === comparison.id ? live.waiting : [];
  const lines = RUN_POLICIES.flatMap((policy): ComparisonLine[] => {
    const run = comparison.runs.findLast(({ series }) => series?.policy === policy) ?? null;
    return run === null && !waiting.includes(policy) ? [] : [{ policy, run, row: rowOf(policy) }];
  });
  const start = rowOf('start');
  return start === null ? lines : [{ policy: 'start', run: null, row: start }, ...lines];
}

/** The left end of the scale for the intervals of these rows: a tenth at or below the lowest; the right end is 1. */
export function scaleStart(rows: readonly PolicyRow[]): number {
  const lows = rows.flatMap(({ validation }) => (validation === null ? [] : [validation.low]));
  return lows.length === 0 ? 0 : Math.floor(Math.min(0.9, ...lows) * 10) / 10;
}
