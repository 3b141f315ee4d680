import type { Report } from './runPython.ts';

/**
 * The end of the suite, one line each: the skipped checks by their reason, the largest differences by what was
 * compared, and the versions.
 */
export function summaryLines(reports: readonly Report[]): readonly string[] {
  return [
    ...[...skippedOf(reports)].map(([reason, count]) => `skipped ${String(count)}: ${reason}`),
    ...[...measuredOf(reports)].toSorted().map(([what, [largest, count]]) => {
      const digits = largest === 0 ? '0' : largest.toExponential(1);
      return `measured ${what}: at most ${digits}, ${String(count)} comparisons`;
    }),
    `versions: ${[...versionsOf(reports)].join(', ')}`,
  ];
}

function skippedOf(reports: readonly Report[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [reason, count] of reports.flatMap(({ skipped }) => Object.entries(skipped)))
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  return counts;
}

function measuredOf(reports: readonly Report[]): ReadonlyMap<string, readonly [number, number]> {
  const found = new Map<string, readonly [number, number]>();
  for (const [what, [largest, count]] of reports.flatMap(({ measured }) => Object.entries(measured))) {
    const [before, others] = found.get(what) ?? [0, 0];
    found.set(what, [Math.max(before, largest), others + count]);
  }
  return found;
}

function versionsOf(reports: readonly Report[]): ReadonlySet<string> {
  const pairs = reports.flatMap(({ versions }) => Object.entries(versions));
  return new Set(pairs.map(([name, version]) => `${name} ${version}`));
}
