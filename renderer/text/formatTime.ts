const SECOND = 1000;
const UNITS = [
  ['day', 24 * 60 * 60 * SECOND],
  ['hour', 60 * 60 * SECOND],
  ['minute', 60 * SECOND],
] as const;

/** `38 sec. ago`, `2 days ago`, `3小时前`: how long ago something was, in whole units of the language. */
export function formatAgo(elapsedMs: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { style: 'short', numeric: 'always' });
  const past = Math.max(0, elapsedMs);
  const [unit, size] = UNITS.find(([, least]) => past >= least) ?? (['second', SECOND] as const);
  return format.format(-Math.floor(past / size), unit);
}

/** A date with its time of day, as the language writes them; `atMs` in milliseconds since 1970. */
export function formatDate(atMs: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(atMs);
}
