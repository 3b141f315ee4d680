/** `0:38`, `12:05`, `3:02:10` of milliseconds, rounded to whole seconds. */
export function formatDuration(elapsedMs: number): string {
  const seconds = Math.max(0, Math.round(elapsedMs / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A number with `digits` significant digits: `0.0412`, `2.31`, `1e-7`; an em dash for values that are not finite. */
export function formatValue(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '—';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return value.toExponential(Math.max(0, digits - 1)).replace('e+', 'e');
  return String(Number(value.toPrecision(digits)));
}

/**
 * A share as `0.897`: always three decimals, so that columns of accuracies align; `—` for values that are not finite.
 */
export function formatShare(value: number | null): string {
  return value === null || !Number.isFinite(value) ? '—' : value.toFixed(3);
}
