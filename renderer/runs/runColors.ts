/** Colours for runs: `--series-1` … of the theme. */
export const COLOR_COUNT = 16;

/** Colour number of each run, from 0. */
export type RunColors = ReadonlyMap<string, number>;

/** The CSS token of a colour number. */
export function colorToken(color: number): string {
  return `--series-${color + 1}`;
}

/**
 * A colour for each of `runIds` (oldest first): its present one, or for a new run the least used one. Other runs lose
 * their colours.
 */
export function colorsOf(runIds: readonly string[], kept: RunColors): RunColors {
  const colors = new Map([...kept].filter(([runId]) => runIds.includes(runId)));
  for (const runId of runIds) if (!colors.has(runId)) colors.set(runId, leastUsed(colors.values()));
  return colors;
}

/**
 * The colours when `runId` is drawn beside the runs `drawn`: it keeps its own unless one of them has it too. Then it
 * takes the least used colour that none of them has, and keeps that. With more than 16 runs drawn at once colours
 * repeat.
 */
export function colorsWith(runId: string, drawn: readonly string[], colors: RunColors): RunColors {
  const shown = new Set(drawn.filter((other) => other !== runId).map((other) => colors.get(other)));
  const own = colors.get(runId);
  if (own !== undefined && (!shown.has(own) || shown.size >= COLOR_COUNT)) return colors;
  const others = new Map([...colors].filter(([other]) => other !== runId));
  return new Map([...others, [runId, leastUsed(others.values(), shown)]]);
}

/** The first of the least used colours, among those not in `taken` if there are any. */
function leastUsed(used: Iterable<number>, taken: ReadonlySet<number | undefined> = new Set()): number {
  const counts = Array.from({ length: COLOR_COUNT }, () => 0);
  for (const color of used) counts[color] = (counts[color] ?? 0) + 1;
  const all = counts.map((_, color) => color);
  const free = all.filter((color) => !taken.has(color));
  const choice = free.length > 0 ? free : all;
  return choice.reduce((best, color) => ((counts[color] ?? 0) < (counts[best] ?? 0) ? color : best));
}
