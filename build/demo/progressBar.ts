/** Eighths of a cell, from nothing to full. */
const EIGHTHS = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const;

/** A bar of `cells` characters, filled by the given share (0 to 1) to an eighth of a character. */
export function progressBar(share: number, cells: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * cells * 8);
  const full = Math.floor(eighths / 8);
  const rest = full < cells ? (EIGHTHS[eighths % 8] ?? '') : '';
  return `${'█'.repeat(full)}${rest}`.padEnd(cells);
}

/** A duration in readable form: `45 s`, `3 min 05 s`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
