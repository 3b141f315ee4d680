/** After this time without a change of its files, a training is silent: its status changes every ten seconds. */
export const SILENT_AFTER_MS = 30_000;

/**
 * Whether a training elsewhere still gives signs of life. Its clock and that of its disk may differ from ours, so only
 * changes that are seen here count, by our own clock. The times that its files had at the first look are believed only
 * for how long it has been silent, once nothing has changed for a while here either.
 */
export class SignOfLife {
  private seen: string | null = null;
  private watchedFrom = 0;
  private lastAt = 0;

  /**
   * `traces`: a text that changes with each sign of life; `claimed`: times of the files, in milliseconds since 1970, as
   * `now`. Returns the milliseconds since the last sign of life; null while it is fresh, or watched too shortly.
   */
  look(traces: string, claimed: readonly number[], now: number): number | null {
    if (this.seen === null) {
      this.watchedFrom = now;
      const times = claimed.filter(Number.isFinite);
      this.lastAt = times.length === 0 ? now : Math.min(now, Math.max(...times));
    } else if (traces !== this.seen) this.lastAt = now;
    this.seen = traces;
    const isSilent = now - Math.max(this.lastAt, this.watchedFrom) >= SILENT_AFTER_MS;
    return isSilent ? now - this.lastAt : null;
  }
}
